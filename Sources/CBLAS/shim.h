// The part of the CBLAS interface that Lockstep uses (BLAS Technical Forum Standard, 2001, appendix B).
//
// Declared here because the header that comes with BLIS sets feature macros of the C library, so that `struct tm` and
// others differ from what the rest of the program sees. Any library with this interface will do.
#ifndef LOCKSTEP_CBLAS_SHIM_H
#define LOCKSTEP_CBLAS_SHIM_H

#include <stdint.h>

enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112, CblasConjTrans = 113 };

/// c = alpha · op(a) · op(b) + beta · c, for op(a) [m, k], op(b) [k, n], c [m, n].
void cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transA, enum CBLAS_TRANSPOSE transB, int32_t m, int32_t n,
                 int32_t k, float alpha, const float *a, int32_t lda, const float *b, int32_t ldb, float beta,
                 float *c, int32_t ldc);

#endif
