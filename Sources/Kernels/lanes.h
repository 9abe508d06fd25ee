// Sums and maxima of rows in eight fixed lanes, so that every instruction set adds in the same order.
#ifndef LOCKSTEP_LANES_H
#define LOCKSTEP_LANES_H

#include "vector_math.h"
#include <stddef.h>

LOCKSTEP_INLINE float combine_lanes(const float lanes[8]) {
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

/// The sum of term(i) for i in 0..<n, where `term` is an expression in `i`.
#define LANE_SUM(result, n, term)                                                                                      \
    do {                                                                                                               \
        float lanes_[8] = {0};                                                                                         \
        ptrdiff_t base_ = 0;                                                                                           \
        for (; base_ + 8 <= (n); base_ += 8)                                                                           \
            for (int lane_ = 0; lane_ < 8; lane_++) {                                                                  \
                ptrdiff_t i = base_ + lane_;                                                                           \
                lanes_[lane_] += (term);                                                                               \
            }                                                                                                          \
        for (int lane_ = 0; base_ + lane_ < (n); lane_++) {                                                            \
            ptrdiff_t i = base_ + lane_;                                                                               \
            lanes_[lane_] += (term);                                                                                   \
        }                                                                                                              \
        (result) = combine_lanes(lanes_);                                                                              \
    } while (0)

/// The largest of x[0..<n]; minus infinity for none.
LOCKSTEP_INLINE float lane_max(const float *x, ptrdiff_t n) {
    float lanes[8];
    for (int lane = 0; lane < 8; lane++) lanes[lane] = -__builtin_inff();
    ptrdiff_t base = 0;
    for (; base + 8 <= n; base += 8)
        for (int lane = 0; lane < 8; lane++) lanes[lane] = x[base + lane] > lanes[lane] ? x[base + lane] : lanes[lane];
    for (int lane = 0; base + lane < n; lane++)
        lanes[lane] = x[base + lane] > lanes[lane] ? x[base + lane] : lanes[lane];
    float largest = lanes[0];
    for (int lane = 1; lane < 8; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
    return largest;
}

#endif
