// Loops over the rows of contiguous matrices: activations, look-ups, masks.
#ifndef LOCKSTEP_ROWS_H
#define LOCKSTEP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// x = tanh(x) in place
void lockstep_tanh_in_place(float *x, ptrdiff_t n);

/// Has memory brought into the second cache, to be read soon, or to be written; nothing is waited for.
void lockstep_fetch(const void *place, ptrdiff_t byteCount, bool isWritten);

/// Row i of out [n, width] = row indices[i] of the table.
void lockstep_gather_rows(float *out, const float *table, const int32_t *indices, ptrdiff_t n, ptrdiff_t width);
/// Row indices[i] of the table += row i of in [n, width], in the order of i.
void lockstep_scatter_add_rows(float *table, const float *in, const int32_t *indices, ptrdiff_t n, ptrdiff_t width);
/// Whether all indices lie in 0..<bound.
bool lockstep_indices_are_below(const int32_t *indices, ptrdiff_t n, int64_t bound);

/// out (+)= mask ? value : in, at strides.
void lockstep_masked_fill(float *out, ptrdiff_t strideOut, const float *in, ptrdiff_t strideIn, const uint8_t *mask,
                          ptrdiff_t strideMask, float value, ptrdiff_t n, bool accumulate);

#endif
