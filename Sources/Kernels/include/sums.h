// Sums in a fixed order: the same bits with every instruction set.
#ifndef LOCKSTEP_SUMS_H
#define LOCKSTEP_SUMS_H

#include <stdbool.h>
#include <stddef.h>

/// The sum of n values at a stride, in eight lanes of float64.
double lockstep_sum(const float *in, ptrdiff_t stride, ptrdiff_t n);

/// out[j] += scale * (sum of in[row, j] over the rows); row i begins at in + i * rowStride.
void lockstep_column_sum(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t rowStride,
                         float scale);

/// The sum of (a - b) squared, in eight lanes of float64.
double lockstep_squared_difference(const float *a, const float *b, ptrdiff_t n);

/// gradIn (+)= scale * (a - b)
void lockstep_difference_gradient(float *gradIn, const float *a, const float *b, float scale, ptrdiff_t n,
                                  bool accumulate);

#endif
