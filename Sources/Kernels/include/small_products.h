// Products of the smallest matrices, as attention makes them: w is [rows, columns] and contiguous.
//
// If `causal`, w[i, j] counts only where j <= i, and is neither computed nor read elsewhere.
#ifndef LOCKSTEP_SMALL_PRODUCTS_H
#define LOCKSTEP_SMALL_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>

/// out[i, j] = <a row i, b row j>; 0 where causality hides j. a is [rows, depth], b [columns, depth].
void lockstep_row_dots(float *out, const float *a, ptrdiff_t strideA, const float *b, ptrdiff_t strideB,
                       ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, bool causal);

/// out [rows, depth] (+)= w · b, with b [columns, depth].
void lockstep_rows_product(float *out, ptrdiff_t strideOut, const float *w, const float *b, ptrdiff_t strideB,
                           ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, bool causal, bool accumulate);

/// out [columns, depth] (+)= wᵀ · b, with b [rows, depth].
void lockstep_columns_product(float *out, ptrdiff_t strideOut, const float *w, const float *b, ptrdiff_t strideB,
                              ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, bool causal, bool accumulate);

#endif
