#include "include/layer_norm.h"
#include "clones.h"
#include "lanes.h"

CLONES void lockstep_layer_norm(float *restrict out, float *restrict kept, float *restrict means,
                                float *restrict scales, const float *restrict in, const float *restrict addend,
                                const float *restrict weight, const float *restrict bias, float epsilon,
                                ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = in + row * columns;
        float *y = out + row * columns;
        if (addend) {
            const float *other = addend + row * columns;
            float *sums = kept + row * columns;
            for (ptrdiff_t i = 0; i < columns; i++) sums[i] = x[i] + other[i];
            x = sums;
        }
        float sum, squares;
        LANE_SUM(sum, columns, x[i]);
        const float mean = sum / (float)columns;
        LANE_SUM(squares, columns, (x[i] - mean) * (x[i] - mean));
        const float scale = 1 / __builtin_elementwise_sqrt(squares / (float)columns + epsilon);
        means[row] = mean;
        scales[row] = scale;
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }
}

/// target (+)= source
LOCKSTEP_INLINE void give(LockstepTarget target, ptrdiff_t offset, const float *restrict source, ptrdiff_t n) {
    if (!target.values) return;
    float *restrict to = target.values + offset;
    if (target.adds) {
        for (ptrdiff_t i = 0; i < n; i++) to[i] += source[i];
    } else {
        for (ptrdiff_t i = 0; i < n; i++) to[i] = source[i];
    }
}

// Rows of a block are added before the block's sum is, as in lockstep_column_sum.
enum { blockRows = 64 };

CLONES void lockstep_layer_norm_gradient(LockstepTarget inTarget, LockstepTarget addend, LockstepTarget weightGradient,
                                         LockstepTarget biasGradient, const float *restrict gradOut,
                                         const float *restrict in, const float *restrict means,
                                         const float *restrict scales, const float *restrict weight,
                                         float *restrict work, ptrdiff_t rows, ptrdiff_t columns) {
    float *restrict change = work, *restrict blockWeight = work + columns, *restrict blockBias = work + 2 * columns,
                    *restrict totalWeight = work + 3 * columns, *restrict totalBias = work + 4 * columns;
    memset(blockWeight, 0, (size_t)(4 * columns) * sizeof(float));
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = in + row * columns, *g = gradOut + row * columns;
        const float mean = means[row], scale = scales[row];
        for (ptrdiff_t i = 0; i < columns; i++) {
            blockWeight[i] += g[i] * ((x[i] - mean) * scale);
            blockBias[i] += g[i];
        }
        if ((row + 1) % blockRows == 0 || row + 1 == rows) {
            for (ptrdiff_t i = 0; i < columns; i++) {
                totalWeight[i] += blockWeight[i];
                totalBias[i] += blockBias[i];
                blockWeight[i] = 0;
                blockBias[i] = 0;
            }
        }
        if (!inTarget.values && !addend.values) continue;
        float sum, dot;
        LANE_SUM(sum, columns, g[i] * weight[i]);
        LANE_SUM(dot, columns, g[i] * weight[i] * ((x[i] - mean) * scale));
        sum /= (float)columns;
        dot /= (float)columns;
        for (ptrdiff_t i = 0; i < columns; i++)
            change[i] = scale * ((g[i] * weight[i] - sum) - (x[i] - mean) * scale * dot);
        give(inTarget, row * columns, change, columns);
        give(addend, row * columns, change, columns);
    }
    give(weightGradient, 0, totalWeight, columns);
    give(biasGradient, 0, totalBias, columns);
}
