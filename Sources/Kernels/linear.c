#include "include/linear.h"
#include "clones.h"
#include "vector_math.h"

enum { blockRows = 64, tileColumns = 64 };

/// One block of rows of a tile: applies the slope, given as an expression in `g` and `y`, and sums the columns.
#define BLOCK(value, writes)                                                                                           \
    for (ptrdiff_t row = top; row < bottom; row++) {                                                                   \
        float *gradients = gradient + row * columns + left;                                                            \
        const float *outputs = kept + ((writes) ? row * columns + left : 0);                                           \
        (void)outputs;                                                                                                 \
        for (ptrdiff_t j = 0; j < width; j++) {                                                                        \
            const float g = gradients[j];                                                                              \
            const float changed = (value);                                                                             \
            if (writes) gradients[j] = changed;                                                                        \
            block[j] += changed;                                                                                       \
        }                                                                                                              \
    }

LOCKSTEP_INLINE void tile_gradient(float *restrict gradient, float *restrict biasGradient, const float *restrict kept,
                                   LockstepSlope slope, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t left,
                                   ptrdiff_t width, bool accumulate) {
    float total[tileColumns] = {0};
    for (ptrdiff_t top = 0; top < rows; top += blockRows) {
        const ptrdiff_t bottom = rows - top < blockRows ? rows : top + blockRows;
        float block[tileColumns] = {0};
        switch (slope) {
        case LOCKSTEP_SLOPE_ONE: BLOCK(g, false); break;
        case LOCKSTEP_SLOPE_RELU: BLOCK(outputs[j] > 0 ? g : 0, true); break;
        case LOCKSTEP_SLOPE_TANH: BLOCK(g * (1 - outputs[j] * outputs[j]), true); break;
        case LOCKSTEP_SLOPE_KEPT: BLOCK(g * outputs[j], true); break;
        }
        for (int j = 0; j < tileColumns; j++) total[j] += block[j];
    }
    if (!biasGradient) return;
    for (ptrdiff_t j = 0; j < width; j++)
        biasGradient[left + j] = accumulate ? biasGradient[left + j] + total[j] : total[j];
}

CLONES void lockstep_linear_gradient(float *restrict gradient, float *restrict biasGradient,
                                     const float *restrict kept, LockstepSlope slope, ptrdiff_t rows,
                                     ptrdiff_t columns, bool accumulate) {
    if (slope == LOCKSTEP_SLOPE_ONE && !biasGradient) return;
    ptrdiff_t left = 0;
    for (; left + tileColumns <= columns; left += tileColumns)
        tile_gradient(gradient, biasGradient, kept, slope, rows, columns, left, tileColumns, accumulate);
    if (left < columns)
        tile_gradient(gradient, biasGradient, kept, slope, rows, columns, left, columns - left, accumulate);
}
