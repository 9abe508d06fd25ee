// Element-wise loops over float32 arrays. Pointers do not overlap unless a comment says so; n may be 0.
//
// Every function gives the same bits with every instruction set it is compiled for: contraction into fused
// multiply-adds is off, and sums run in a fixed number of lanes.
#ifndef LOCKSTEP_KERNELS_H
#define LOCKSTEP_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// out = max(in, 0)
void lockstep_relu(float *out, const float *in, ptrdiff_t n);

/// gradIn (+)= out > 0 ? gradOut : 0; adds if `accumulate`.
void lockstep_relu_gradient(float *gradIn, const float *gradOut, const float *out, ptrdiff_t n, bool accumulate);

#endif
