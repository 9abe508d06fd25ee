// Sums of whole vectors; see kernels.h for what holds of every kernel.
#ifndef LOCKSTEP_KERNELS_REDUCE_H
#define LOCKSTEP_KERNELS_REDUCE_H

#include <stddef.h>

/// sum += other
void lockstep_add_to(float *sum, const float *other, ptrdiff_t n);

#endif
