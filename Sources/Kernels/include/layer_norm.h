// Layer normalisation over the rows of a contiguous matrix [rows, columns], of which another may be added before.
#ifndef LOCKSTEP_LAYER_NORM_H
#define LOCKSTEP_LAYER_NORM_H

#include <stdbool.h>
#include <stddef.h>

/// out = (x - mean) / sqrt(variance + epsilon) * weight + bias; keeps mean and 1 / sqrt(…) of each row.
///
/// x is `in`, or, if `addend` is not null, their sum, which is kept in `sum`. Weight and bias are [columns].
void lockstep_layer_norm(float *out, float *sum, float *means, float *scales, const float *in, const float *addend,
                         const float *weight, const float *bias, float epsilon, ptrdiff_t rows, ptrdiff_t columns);

/// Where a gradient goes: nowhere if `values` is null; added to what is there if `adds`.
typedef struct {
    float *values;
    bool adds;
} LockstepTarget;

/// How many numbers the gradient needs to work with.
ptrdiff_t lockstep_layer_norm_work(ptrdiff_t columns);

/// Computes all gradients in one pass: of x into `in` and `addend`, of weight and bias.
///
/// `work` has room for `lockstep_layer_norm_work(columns)` numbers.
void lockstep_layer_norm_gradient(LockstepTarget in, LockstepTarget addend, LockstepTarget weightGradient,
                                  LockstepTarget biasGradient, const float *gradOut, const float *x,
                                  const float *means, const float *scales, const float *weight, float *work,
                                  ptrdiff_t rows, ptrdiff_t columns);

#endif
