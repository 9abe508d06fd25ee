#include "include/layer_norm.h"
#include "clones.h"
#include "lanes.h"

CLONES void lockstep_layer_norm(float *restrict out, float *restrict means, float *restrict scales,
                                const float *restrict in, const float *restrict weight, const float *restrict bias,
                                float epsilon, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = in + row * columns;
        float *y = out + row * columns;
        float sum, squares;
        LANE_SUM(sum, columns, x[i]);
        const float mean = sum / (float)columns;
        LANE_SUM(squares, columns, (x[i] - mean) * (x[i] - mean));
        const float scale = 1 / __builtin_elementwise_sqrt(squares / (float)columns + epsilon);
        means[row] = mean;
        scales[row] = scale;
        if (weight && bias) {
            for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
        } else if (weight) {
            for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * scale * weight[i];
        } else if (bias) {
            for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * scale + bias[i];
        } else {
            for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * scale;
        }
    }
}

CLONES void lockstep_layer_norm_gradient(float *restrict gradIn, const float *restrict gradOut,
                                         const float *restrict in, const float *restrict means,
                                         const float *restrict scales, const float *restrict weight, ptrdiff_t rows,
                                         ptrdiff_t columns, bool accumulate) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = in + row * columns, *g = gradOut + row * columns;
        float *target = gradIn + row * columns;
        const float mean = means[row], scale = scales[row];
        float sum, dot;
        if (weight) {
            LANE_SUM(sum, columns, g[i] * weight[i]);
            LANE_SUM(dot, columns, g[i] * weight[i] * ((x[i] - mean) * scale));
        } else {
            LANE_SUM(sum, columns, g[i]);
            LANE_SUM(dot, columns, g[i] * ((x[i] - mean) * scale));
        }
        sum /= (float)columns;
        dot /= (float)columns;
        if (weight && !accumulate) {
            for (ptrdiff_t i = 0; i < columns; i++)
                target[i] = scale * ((g[i] * weight[i] - sum) - (x[i] - mean) * scale * dot);
        } else {
            for (ptrdiff_t i = 0; i < columns; i++) {
                const float share = weight ? g[i] * weight[i] : g[i];
                const float change = scale * ((share - sum) - (x[i] - mean) * scale * dot);
                target[i] = accumulate ? target[i] + change : change;
            }
        }
    }
}

// Rows of a block are added before the block's sum is, as in lockstep_column_sum.
enum { blockRows = 64, tileColumns = 64 };

CLONES void lockstep_layer_norm_weight_gradient(float *restrict gradWeight, const float *restrict gradOut,
                                                const float *restrict in, const float *restrict means,
                                                const float *restrict scales, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t left = 0; left < columns; left += tileColumns) {
        const ptrdiff_t width = columns - left < tileColumns ? columns - left : tileColumns;
        float total[tileColumns] = {0};
        for (ptrdiff_t top = 0; top < rows; top += blockRows) {
            const ptrdiff_t bottom = rows - top < blockRows ? rows : top + blockRows;
            float block[tileColumns] = {0};
            for (ptrdiff_t row = top; row < bottom; row++) {
                const float *g = gradOut + row * columns + left, *x = in + row * columns + left;
                const float mean = means[row], scale = scales[row];
                for (ptrdiff_t j = 0; j < width; j++) block[j] += g[j] * ((x[j] - mean) * scale);
            }
            for (int j = 0; j < tileColumns; j++) total[j] += block[j];
        }
        for (ptrdiff_t j = 0; j < width; j++) gradWeight[left + j] += total[j];
    }
}
