// Rows as vectors of eight, the last of which may be filled in part; sums in eight fixed lanes, so that every
// instruction set adds in the same order, as in `lanes.h`.
#ifndef LOCKSTEP_EIGHTS_H
#define LOCKSTEP_EIGHTS_H

#include "lanes.h"
#include <stddef.h>

// All functions are inlined, so that no vector is passed in a way that depends on the instruction set.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t EightMask __attribute__((vector_size(32), aligned(4), may_alias));

#define UNROLL _Pragma("clang loop unroll(full)")

LOCKSTEP_INLINE Eight load_eight(const float *place) { return *(const Eight *)place; }

LOCKSTEP_INLINE void store_eight(float *place, Eight value) { *(Eight *)place = value; }

/// All bits of the first `count` of eight lanes, at most eight.
LOCKSTEP_INLINE EightMask first_lanes(ptrdiff_t count) {
    static const int32_t lanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return *(const EightMask *)(lanes + 8 - count);
}

LOCKSTEP_INLINE Eight masked(Eight value, EightMask mask) { return (Eight)((EightMask)value & mask); }

/// The first `count` numbers, and zeros in the other lanes; nothing is read from `end` on.
LOCKSTEP_INLINE Eight load_part(const float *place, ptrdiff_t count, const float *end) {
    if (end - place >= 8) return masked(load_eight(place), first_lanes(count));
    Eight result = {0};
    for (ptrdiff_t i = 0; i < count; i++) ((float *)&result)[i] = place[i];
    return result;
}

/// Writes the first `count` numbers; those behind them, up to `end`, may be written anew as they are.
LOCKSTEP_INLINE void store_part(float *place, Eight value, ptrdiff_t count, const float *end) {
    if (end - place >= 8) {
        const EightMask mask = first_lanes(count);
        store_eight(place, (Eight)(((EightMask)value & mask) | ((EightMask)load_eight(place) & ~mask)));
    } else {
        for (ptrdiff_t i = 0; i < count; i++) place[i] = ((float *)&value)[i];
    }
}

/// The sum of eight lanes, in the order of `combine_lanes`.
LOCKSTEP_INLINE float sum_of_eight(Eight x) {
    const float lanes[8] = {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
    return combine_lanes(lanes);
}

#endif
