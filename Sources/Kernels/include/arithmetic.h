// Element-wise arithmetic. Outputs overlap no input; strides are in elements; n may be 0.
#ifndef LOCKSTEP_ARITHMETIC_H
#define LOCKSTEP_ARITHMETIC_H

#include <stdbool.h>
#include <stddef.h>

/// out = a + b; the inputs are read at their strides (0 repeats a value), and may be the same.
void lockstep_add(float *out, const float *a, ptrdiff_t strideA, const float *b, ptrdiff_t strideB, ptrdiff_t n);
/// out = a - b
void lockstep_subtract(float *out, const float *a, ptrdiff_t strideA, const float *b, ptrdiff_t strideB, ptrdiff_t n);
/// out = a * b
void lockstep_multiply(float *out, const float *a, ptrdiff_t strideA, const float *b, ptrdiff_t strideB, ptrdiff_t n);
/// out = a / b
void lockstep_divide(float *out, const float *a, ptrdiff_t strideA, const float *b, ptrdiff_t strideB, ptrdiff_t n);

/// out = -gradOut * quotient / b: the gradient of a / b with respect to b.
void lockstep_divide_gradient(float *out, const float *gradOut, const float *quotient, const float *b,
                              ptrdiff_t strideB, ptrdiff_t n);

/// out = in * scale + offset
void lockstep_affine(float *out, const float *in, float scale, float offset, ptrdiff_t n);

/// out (+)= scale * in at strides; adds if `accumulate`. strideOut is not 0.
void lockstep_assign(float *out, ptrdiff_t strideOut, const float *in, ptrdiff_t strideIn, ptrdiff_t n, float scale,
                     bool accumulate);

/// gradIn (+)= gradOut * factor
void lockstep_multiply_gradient(float *gradIn, const float *gradOut, const float *factor, ptrdiff_t n,
                                bool accumulate);

#endif
