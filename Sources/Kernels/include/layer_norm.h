// Layer normalisation over the rows of a contiguous matrix [rows, columns]; weight and bias [columns] may be null.
#ifndef LOCKSTEP_LAYER_NORM_H
#define LOCKSTEP_LAYER_NORM_H

#include <stdbool.h>
#include <stddef.h>

/// out = (in - mean) / sqrt(variance + epsilon) * weight + bias; keeps mean and 1 / sqrt(…) of each row.
void lockstep_layer_norm(float *out, float *means, float *scales, const float *in, const float *weight,
                         const float *bias, float epsilon, ptrdiff_t rows, ptrdiff_t columns);

/// gradIn (+)= the gradient with respect to the input.
void lockstep_layer_norm_gradient(float *gradIn, const float *gradOut, const float *in, const float *means,
                                  const float *scales, const float *weight, ptrdiff_t rows, ptrdiff_t columns,
                                  bool accumulate);

/// gradWeight += the sum over rows of gradOut * normalised input.
void lockstep_layer_norm_weight_gradient(float *gradWeight, const float *gradOut, const float *in, const float *means,
                                         const float *scales, ptrdiff_t rows, ptrdiff_t columns);

#endif
