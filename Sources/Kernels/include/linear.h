// What a linear layer does beside products: activations, their gradients, and that of the bias, in one pass.
#ifndef LOCKSTEP_LINEAR_H
#define LOCKSTEP_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

/// How the slope of an activation follows from what was kept of the forward pass.
typedef enum {
    /// 1; nothing is kept.
    LOCKSTEP_SLOPE_ONE,
    /// 1 where the kept output is above 0, else 0.
    LOCKSTEP_SLOPE_RELU,
    /// 1 - y² of the kept output y.
    LOCKSTEP_SLOPE_TANH,
    /// The slopes themselves are kept.
    LOCKSTEP_SLOPE_KEPT,
} LockstepSlope;

/// gradient [rows, columns] *= slope, in place; then biasGradient [columns] (+)= its column sums, unless it is null.
///
/// The sums add up blocks of 64 rows, so that their error grows with rows / 64 + 64.
void lockstep_linear_gradient(float *gradient, float *biasGradient, const float *kept, LockstepSlope slope,
                              ptrdiff_t rows, ptrdiff_t columns, bool accumulate);

#endif
