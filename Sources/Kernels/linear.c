#include "include/linear.h"
#include "clones.h"
#include "vector_math.h"

// Few columns at a time have their sums in registers. But where gradients are written, rows are better read to their end:
// a load waits for a store a multiple of 4 KiB away, as the row above often is.
enum { blockRows = 64, fewColumns = 64, manyColumns = 512 };

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
    float total[manyColumns];
    for (ptrdiff_t j = 0; j < width; j++) total[j] = 0;
    for (ptrdiff_t top = 0; top < rows; top += blockRows) {
        const ptrdiff_t bottom = rows - top < blockRows ? rows : top + blockRows;
        float block[manyColumns];
        for (ptrdiff_t j = 0; j < width; j++) block[j] = 0;
        switch (slope) {
        case LOCKSTEP_SLOPE_ONE: BLOCK(g, false); break;
        case LOCKSTEP_SLOPE_RELU: BLOCK(outputs[j] > 0 ? g : 0, true); break;
        case LOCKSTEP_SLOPE_TANH: BLOCK(g * (1 - outputs[j] * outputs[j]), true); break;
        case LOCKSTEP_SLOPE_KEPT: BLOCK(g * outputs[j], true); break;
        }
        for (ptrdiff_t j = 0; j < width; j++) total[j] += block[j];
    }
    if (!biasGradient) return;
    for (ptrdiff_t j = 0; j < width; j++)
        biasGradient[left + j] = accumulate ? biasGradient[left + j] + total[j] : total[j];
}

CLONES void lockstep_linear_gradient(float *restrict gradient, float *restrict biasGradient,
                                     const float *restrict kept, LockstepSlope slope, ptrdiff_t rows,
                                     ptrdiff_t columns, bool accumulate) {
    if (slope == LOCKSTEP_SLOPE_ONE && !biasGradient) return;
    const ptrdiff_t most = slope == LOCKSTEP_SLOPE_ONE ? fewColumns : manyColumns;
    for (ptrdiff_t left = 0; left < columns; left += most) {
        const ptrdiff_t width = columns - left < most ? columns - left : most;
        if (width == fewColumns) {
            tile_gradient(gradient, biasGradient, kept, slope, rows, columns, left, fewColumns, accumulate);
        } else {
            tile_gradient(gradient, biasGradient, kept, slope, rows, columns, left, width, accumulate);
        }
    }
}
