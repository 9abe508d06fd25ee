// What a recurrence over looked-up symbols adds up beside products, in one pass over the states of a step.
#ifndef LOCKSTEP_RECURRENCE_H
#define LOCKSTEP_RECURRENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// out[i] = (table[symbols[i]] + products[parents[i]]) + bias for rows of `width`, and no less than 0 with `relu`.
///
/// Without products, which is null then, 0 takes their place.
void lockstep_recurrent_sums(float *out, const float *table, const int32_t *symbols, const float *products,
                             const int32_t *parents, const float *bias, ptrdiff_t rows, ptrdiff_t width, bool relu);

#endif
