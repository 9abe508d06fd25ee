// Steps of optimizers, and the norm of a gradient: each one pass over memory. Arrays do not overlap; n may be 0.
//
// As in kernels.h, every instruction set gives the same bits: divisions and square roots round correctly everywhere.
#ifndef LOCKSTEP_KERNELS_OPTIMIZER_H
#define LOCKSTEP_KERNELS_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>

/// The numbers of one step of Adam or AdamW.
typedef struct {
    /// Multiplies the gradient before all else.
    float scale;
    /// What is added to the gradient for each unit of a value (decay by the gradient, Adam's).
    float decay;
    /// Multiplies the value before the step (decay apart from the gradient, AdamW's).
    float keep;
    /// 1 - beta1.
    float firstRate;
    /// beta2.
    float secondKeep;
    /// 1 - beta2.
    float secondRate;
    /// The learning rate, divided by the bias correction of the first moment.
    float stepSize;
    /// 1 / the square root of the bias correction of the second moment.
    float correction;
    /// Added to the denominator.
    float epsilon;
} LockstepAdamStep;

/// g = scale * gradient + decay * value; m += firstRate * (g - m); v = secondKeep * v + secondRate * g * g;
/// value = keep * value - stepSize * m / (sqrt(v) * correction + epsilon)
void lockstep_adam(float *values, float *firstMoments, float *secondMoments, const float *gradients, ptrdiff_t n,
                   const LockstepAdamStep *step);

/// value -= rate * (scale * gradient + decay * value)
void lockstep_sgd(float *values, const float *gradients, ptrdiff_t n, float rate, float scale, float decay);

/// g = scale * gradient + decay * value; v = momentum * v + g; value -= rate * (nesterov ? g + momentum * v : v)
void lockstep_sgd_momentum(float *values, float *velocities, const float *gradients, ptrdiff_t n, float rate,
                           float scale, float decay, float momentum, bool nesterov);

/// The sum of squares, in sixteen lanes of double precision; not finite exactly if one of the numbers is not.
double lockstep_sum_of_squares(const float *in, ptrdiff_t n);

#endif
