// Sums and maxima of rows in eight fixed lanes, so that every instruction set adds in the same order.
#ifndef LOCKSTEP_LANES_H
#define LOCKSTEP_LANES_H

#include "vector_math.h"
#include <stddef.h>

LOCKSTEP_INLINE float combine_lanes(const float lanes[8]) {
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

// What is left behind whole eights is written to lanes of constant numbers, so that lanes can stay in registers.
#define LANE_TAIL(rest, lanes, value)                                                                                  \
    switch (rest) {                                                                                                    \
    case 7: LANE_(lanes, 6, value) /* fall through */                                                                  \
    case 6: LANE_(lanes, 5, value) /* fall through */                                                                  \
    case 5: LANE_(lanes, 4, value) /* fall through */                                                                  \
    case 4: LANE_(lanes, 3, value) /* fall through */                                                                  \
    case 3: LANE_(lanes, 2, value) /* fall through */                                                                  \
    case 2: LANE_(lanes, 1, value) /* fall through */                                                                  \
    case 1: LANE_(lanes, 0, value) /* fall through */                                                                  \
    default: break;                                                                                                    \
    }

#define LANE_(lanes, lane, value)                                                                                      \
    {                                                                                                                  \
        const ptrdiff_t i = base_ + (lane);                                                                            \
        (lanes)[lane] = (value);                                                                                       \
    }

/// The sum of term(i) for i in 0..<n, where `term` is an expression in `i`.
#define LANE_SUM(result, n, term)                                                                                      \
    do {                                                                                                               \
        float lanes_[8] = {0}, tail_[8] = {0};                                                                         \
        ptrdiff_t base_ = 0;                                                                                           \
        for (; base_ + 8 <= (n); base_ += 8)                                                                           \
            for (int lane_ = 0; lane_ < 8; lane_++) {                                                                  \
                const ptrdiff_t i = base_ + lane_;                                                                     \
                lanes_[lane_] += (term);                                                                               \
            }                                                                                                          \
        LANE_TAIL((n) - base_, tail_, term)                                                                            \
        for (int lane_ = 0; lane_ < 8; lane_++) lanes_[lane_] += tail_[lane_];                                         \
        (result) = combine_lanes(lanes_);                                                                              \
    } while (0)

/// The largest of x[0..<n]; minus infinity for none.
LOCKSTEP_INLINE float lane_max(const float *x, ptrdiff_t n) {
    float lanes[8], tail[8];
    for (int lane = 0; lane < 8; lane++) lanes[lane] = tail[lane] = -__builtin_inff();
    ptrdiff_t base_ = 0;
    for (; base_ + 8 <= n; base_ += 8)
        for (int lane = 0; lane < 8; lane++)
            lanes[lane] = x[base_ + lane] > lanes[lane] ? x[base_ + lane] : lanes[lane];
    LANE_TAIL(n - base_, tail, x[i])
    for (int lane = 0; lane < 8; lane++) lanes[lane] = tail[lane] > lanes[lane] ? tail[lane] : lanes[lane];
    for (int half = 4; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++)
            lanes[lane] = lanes[lane + half] > lanes[lane] ? lanes[lane + half] : lanes[lane];
    return lanes[0];
}

#endif
