// Rows as vectors of eight, the last of which may be filled in part; sums in eight fixed lanes, so that every
// instruction set adds in the same order, as in `lanes.h`.
#ifndef LOCKSTEP_EIGHTS_H
#define LOCKSTEP_EIGHTS_H

#include "lanes.h"
#include <stddef.h>

// All functions are inlined, so that no vector is passed in a way that depends on the instruction set.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));
typedef float Two __attribute__((vector_size(8), aligned(4), may_alias));
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

/// The first `count` of eight numbers, less than eight, and zeros in the other lanes; no others are read.
LOCKSTEP_INLINE Eight load_part(const float *place, ptrdiff_t count) {
    const Four none = {0};
    Four first = none, rest = none;
    if (count & 4) {
        first = *(const Four *)place;
        place += 4;
        if (count == 4) return __builtin_shufflevector(first, none, 0, 1, 2, 3, 4, 5, 6, 7);
    }
    if (count & 1) rest = (Four){place[count & 2], 0, 0, 0};
    if (count & 2) rest = (Four){place[0], place[1], rest[0], 0};
    return count & 4 ? __builtin_shufflevector(first, rest, 0, 1, 2, 3, 4, 5, 6, 7)
                     : __builtin_shufflevector(rest, none, 0, 1, 2, 3, 4, 5, 6, 7);
}

/// Writes the first `count` of eight numbers, less than eight, and nothing else, for it would have to be read before: a
/// load of several stores that are under way waits for all of them.
LOCKSTEP_INLINE void store_part(float *place, Eight value, ptrdiff_t count) {
    Four rest = __builtin_shufflevector(value, value, 0, 1, 2, 3);
    if (count & 4) {
        *(Four *)place = rest;
        place += 4;
        rest = __builtin_shufflevector(value, value, 4, 5, 6, 7);
    }
    if (count & 2) {
        *(Two *)place = __builtin_shufflevector(rest, rest, 0, 1);
        place += 2;
        rest = __builtin_shufflevector(rest, rest, 2, 3, 2, 3);
    }
    if (count & 1) *place = rest[0];
}

/// The sum of eight lanes, in the order of `combine_lanes`.
LOCKSTEP_INLINE float sum_of_eight(Eight x) {
    const float lanes[8] = {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
    return combine_lanes(lanes);
}

#endif
