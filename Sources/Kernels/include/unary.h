// Functions of one value, element by element, and their gradients: gradIn (+)= gradOut * slope(in, out).
//
// See vector_math.h for their accuracy; square roots are correctly rounded.
#ifndef LOCKSTEP_UNARY_H
#define LOCKSTEP_UNARY_H

#include <stdbool.h>
#include <stddef.h>

/// out = e to the power in
void lockstep_exp(float *out, const float *in, ptrdiff_t n);
/// The gradient of lockstep_exp.
void lockstep_exp_gradient(float *gradIn, const float *gradOut, const float *in, const float *out, ptrdiff_t n,
                           bool accumulate);

/// out = the natural logarithm
void lockstep_log(float *out, const float *in, ptrdiff_t n);
/// The gradient of lockstep_log.
void lockstep_log_gradient(float *gradIn, const float *gradOut, const float *in, const float *out, ptrdiff_t n,
                           bool accumulate);

/// out = the hyperbolic tangent
void lockstep_tanh(float *out, const float *in, ptrdiff_t n);
/// The gradient of lockstep_tanh.
void lockstep_tanh_gradient(float *gradIn, const float *gradOut, const float *in, const float *out, ptrdiff_t n,
                            bool accumulate);

/// out = 1 / (1 + exp(-in))
void lockstep_sigmoid(float *out, const float *in, ptrdiff_t n);
/// The gradient of lockstep_sigmoid.
void lockstep_sigmoid_gradient(float *gradIn, const float *gradOut, const float *in, const float *out, ptrdiff_t n,
                               bool accumulate);

/// out = the square root
void lockstep_square_root(float *out, const float *in, ptrdiff_t n);
/// The gradient of lockstep_square_root.
void lockstep_square_root_gradient(float *gradIn, const float *gradOut, const float *in, const float *out, ptrdiff_t n,
                                   bool accumulate);

/// out = the Gaussian error linear unit, by its tanh approximation, and its slopes; out may be in.
void lockstep_gelu_tanh(float *out, float *slopes, const float *in, ptrdiff_t n);

/// out = the Gaussian error linear unit, by the error function, and its slopes; out may be in.
void lockstep_gelu_erf(float *out, float *slopes, const float *in, ptrdiff_t n);

#endif
