// What the processor can do at best, to compare kernels with.
#ifndef LOCKSTEP_PEAK_H
#define LOCKSTEP_PEAK_H

#include "matrix_product.h"
#include <stddef.h>

/// Computes multiply-adds that wait for nothing, with the vectors of a way up to `lockstep_product_way()`.
///
/// Returns how many operations it computed, a multiplication and an addition being two; `sink` takes the sum.
double lockstep_peak(LockstepProductWay way, ptrdiff_t rounds, float *sink);

#endif
