// Choosing elements along one axis: arrays [outer, extent, inner]; indices have the output's extents.
#ifndef LOCKSTEP_GATHER_H
#define LOCKSTEP_GATHER_H

#include <stddef.h>
#include <stdint.h>

/// out[o, a, i] = in[o, indices[o, a, i], i]
void lockstep_gather(float *out, const float *in, const int32_t *indices, ptrdiff_t outer, ptrdiff_t outExtent,
                     ptrdiff_t inExtent, ptrdiff_t inner);

/// gradIn[o, indices[o, a, i], i] += gradOut[o, a, i], in row-major order.
void lockstep_scatter_add(float *gradIn, const float *gradOut, const int32_t *indices, ptrdiff_t outer,
                          ptrdiff_t outExtent, ptrdiff_t inExtent, ptrdiff_t inner);

#endif
