#include "include/layer_norm.h"
#include "clones.h"
#include "eights.h"
#include "fetch.h"
#include <string.h>

// The sums of several rows are made at a time, so that none waits for the one before it. A divisor of `blockRows`.
enum { groupRows = 4 };

// Rows of a block are added before the block's sum is, as in lockstep_column_sum.
enum { blockRows = 64 };

// How many rows ahead memory is fetched: matrices that do not fit in the nearer caches would be waited for.
enum { rowsAhead = 16 };

typedef struct {
    float *out, *sum, *means, *scales;
    const float *in, *addend, *weight, *bias;
    float epsilon;
    ptrdiff_t columns;
} Norm;

/// Normalises some rows; `isSum` if there is an addend.
LOCKSTEP_INLINE void norm_rows(const Norm *n, ptrdiff_t row, int count, bool isSum) {
    const ptrdiff_t columns = n->columns, whole = columns & ~(ptrdiff_t)7, rest = columns - whole;
    const ptrdiff_t front = row * columns;
    const float *x = isSum ? n->sum : n->in;
    Eight sums[groupRows], squares[groupRows];
    float means[groupRows], scales[groupRows];
    const ptrdiff_t soon = front + rowsAhead * columns;
    fetch_floats(n->in + soon, count * columns, false);
    if (isSum) fetch_floats(n->addend + soon, count * columns, false);
    if (isSum) fetch_floats(n->sum + soon, count * columns, true);
    fetch_floats(n->out + soon, count * columns, true);
    UNROLL for (int r = 0; r < count; r++) sums[r] = squares[r] = (Eight){0};
    for (ptrdiff_t c = 0; c < whole; c += 8)
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + c;
            Eight value = load_eight(n->in + place);
            if (isSum) {
                value = value + load_eight(n->addend + place);
                store_eight(n->sum + place, value);
            }
            sums[r] += value;
        }
    if (rest)
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + whole;
            Eight value = load_part(n->in + place, rest);
            if (isSum) {
                value = value + load_part(n->addend + place, rest);
                store_part(n->sum + place, value, rest);
            }
            sums[r] += value;
        }
    UNROLL for (int r = 0; r < count; r++) means[r] = sum_of_eight(sums[r]) / (float)columns;
    for (ptrdiff_t c = 0; c < whole; c += 8)
        UNROLL for (int r = 0; r < count; r++) {
            const Eight difference = load_eight(x + front + r * columns + c) - means[r];
            squares[r] += difference * difference;
        }
    if (rest)
        UNROLL for (int r = 0; r < count; r++) {
            const Eight difference = load_part(x + front + r * columns + whole, rest) - means[r];
            squares[r] += masked(difference * difference, first_lanes(rest));
        }
    UNROLL for (int r = 0; r < count; r++) {
        scales[r] = 1 / __builtin_elementwise_sqrt(sum_of_eight(squares[r]) / (float)columns + n->epsilon);
        n->means[row + r] = means[r];
        n->scales[row + r] = scales[r];
    }
    for (ptrdiff_t c = 0; c < whole; c += 8) {
        const Eight weight = load_eight(n->weight + c), bias = load_eight(n->bias + c);
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + c;
            store_eight(n->out + place, (load_eight(x + place) - means[r]) * scales[r] * weight + bias);
        }
    }
    if (rest) {
        const Eight weight = load_part(n->weight + whole, rest);
        const Eight bias = load_part(n->bias + whole, rest);
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + whole;
            const Eight value = load_part(x + place, rest);
            store_part(n->out + place, (value - means[r]) * scales[r] * weight + bias, rest);
        }
    }
}

CLONES void lockstep_layer_norm(float *out, float *sum, float *means, float *scales, const float *in,
                                const float *addend, const float *weight, const float *bias, float epsilon,
                                ptrdiff_t rows, ptrdiff_t columns) {
    const Norm norm = {out, sum, means, scales, in, addend, weight, bias, epsilon, columns};
    ptrdiff_t row = 0;
    if (addend) {
        for (; row + groupRows <= rows; row += groupRows) norm_rows(&norm, row, groupRows, true);
        for (; row < rows; row++) norm_rows(&norm, row, 1, true);
    } else {
        for (; row + groupRows <= rows; row += groupRows) norm_rows(&norm, row, groupRows, false);
        for (; row < rows; row++) norm_rows(&norm, row, 1, false);
    }
}

/// target (+)= eight numbers, or the first `count`.
LOCKSTEP_INLINE void give(LockstepTarget target, ptrdiff_t place, Eight value, ptrdiff_t count) {
    if (!target.values) return;
    float *to = target.values + place;
    if (count == 8) {
        store_eight(to, target.adds ? load_eight(to) + value : value);
    } else {
        store_part(to, target.adds ? load_part(to, count) + value : value, count);
    }
}

/// target (+)= source
static void give_all(LockstepTarget target, const float *source, ptrdiff_t n) {
    if (!target.values) return;
    for (ptrdiff_t i = 0; i < n; i++) target.values[i] = target.adds ? target.values[i] + source[i] : source[i];
}

typedef struct {
    LockstepTarget in, addend;
    const float *gradOut, *x, *means, *scales, *weight;
    /// The sums of a block of rows, each as long as the columns, up to a whole eight.
    float *blockWeight, *blockBias;
    ptrdiff_t columns;
} NormGradient;

/// Adds some rows to the sums of their block, and gives on the gradient of what was normalised.
LOCKSTEP_INLINE void norm_gradient_rows(const NormGradient *n, ptrdiff_t row, int count) {
    const ptrdiff_t columns = n->columns, whole = columns & ~(ptrdiff_t)7, rest = columns - whole;
    const ptrdiff_t front = row * columns;
    Eight sums[groupRows], dots[groupRows];
    float mean[groupRows], scale[groupRows], sum[groupRows], dot[groupRows];
    const ptrdiff_t soon = front + rowsAhead * columns;
    fetch_floats(n->gradOut + soon, count * columns, false);
    fetch_floats(n->x + soon, count * columns, false);
    if (n->in.values) fetch_floats(n->in.values + soon, count * columns, true);
    if (n->addend.values) fetch_floats(n->addend.values + soon, count * columns, true);
    UNROLL for (int r = 0; r < count; r++) {
        sums[r] = dots[r] = (Eight){0};
        mean[r] = n->means[row + r];
        scale[r] = n->scales[row + r];
    }
    for (ptrdiff_t c = 0; c < whole; c += 8) {
        const Eight weight = load_eight(n->weight + c);
        Eight blockWeight = load_eight(n->blockWeight + c), blockBias = load_eight(n->blockBias + c);
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + c;
            const Eight g = load_eight(n->gradOut + place), normal = (load_eight(n->x + place) - mean[r]) * scale[r];
            blockWeight += g * normal;
            blockBias += g;
            sums[r] += g * weight;
            dots[r] += g * weight * normal;
        }
        store_eight(n->blockWeight + c, blockWeight);
        store_eight(n->blockBias + c, blockBias);
    }
    // The gradient is 0 in the lanes that do not count, and with it all sums.
    Eight lastWeight = {0};
    if (rest) {
        lastWeight = load_part(n->weight + whole, rest);
        Eight blockWeight = load_eight(n->blockWeight + whole), blockBias = load_eight(n->blockBias + whole);
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + whole;
            const Eight g = load_part(n->gradOut + place, rest);
            const Eight normal = (load_part(n->x + place, rest) - mean[r]) * scale[r];
            const EightMask mask = first_lanes(rest);
            blockWeight += masked(g * normal, mask);
            blockBias += g;
            sums[r] += g * lastWeight;
            dots[r] += masked(g * lastWeight * normal, mask);
        }
        store_eight(n->blockWeight + whole, blockWeight);
        store_eight(n->blockBias + whole, blockBias);
    }
    if (!n->in.values && !n->addend.values) return;
    UNROLL for (int r = 0; r < count; r++) {
        sum[r] = sum_of_eight(sums[r]) / (float)columns;
        dot[r] = sum_of_eight(dots[r]) / (float)columns;
    }
    for (ptrdiff_t c = 0; c < whole; c += 8) {
        const Eight weight = load_eight(n->weight + c);
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + c;
            const Eight g = load_eight(n->gradOut + place), x = load_eight(n->x + place);
            const Eight change = scale[r] * ((g * weight - sum[r]) - (x - mean[r]) * scale[r] * dot[r]);
            give(n->in, place, change, 8);
            give(n->addend, place, change, 8);
        }
    }
    if (rest)
        UNROLL for (int r = 0; r < count; r++) {
            const ptrdiff_t place = front + r * columns + whole;
            const Eight g = load_part(n->gradOut + place, rest);
            const Eight x = load_part(n->x + place, rest);
            const Eight change = scale[r] * ((g * lastWeight - sum[r]) - (x - mean[r]) * scale[r] * dot[r]);
            give(n->in, place, change, rest);
            give(n->addend, place, change, rest);
        }
}

ptrdiff_t lockstep_layer_norm_work(ptrdiff_t columns) { return 4 * (columns + 7); }

CLONES void lockstep_layer_norm_gradient(LockstepTarget in, LockstepTarget addend, LockstepTarget weightGradient,
                                         LockstepTarget biasGradient, const float *gradOut, const float *x,
                                         const float *means, const float *scales, const float *weight, float *work,
                                         ptrdiff_t rows, ptrdiff_t columns) {
    const ptrdiff_t length = columns + 7;
    float *totalWeight = work + 2 * length, *totalBias = work + 3 * length;
    memset(work, 0, (size_t)(4 * length) * sizeof(float));
    const NormGradient norm = {in, addend, gradOut, x, means, scales, weight, work, work + length, columns};
    for (ptrdiff_t top = 0; top < rows; top += blockRows) {
        const ptrdiff_t bottom = rows - top < blockRows ? rows : top + blockRows;
        ptrdiff_t row = top;
        for (; row + groupRows <= bottom; row += groupRows) norm_gradient_rows(&norm, row, groupRows);
        for (; row < bottom; row++) norm_gradient_rows(&norm, row, 1);
        for (ptrdiff_t i = 0; i < columns; i++) {
            totalWeight[i] += norm.blockWeight[i];
            totalBias[i] += norm.blockBias[i];
            norm.blockWeight[i] = norm.blockBias[i] = 0;
        }
    }
    give_all(weightGradient, totalWeight, columns);
    give_all(biasGradient, totalBias, columns);
}
