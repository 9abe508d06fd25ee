#include "include/sums.h"
#include "clones.h"

CLONES double lockstep_sum(const float *in, ptrdiff_t stride, ptrdiff_t n) {
    double lanes[8] = {0};
    ptrdiff_t base = 0;
    if (stride == 1) {
        for (; base + 8 <= n; base += 8)
            for (int lane = 0; lane < 8; lane++) lanes[lane] += (double)in[base + lane];
    } else {
        for (; base + 8 <= n; base += 8)
            for (int lane = 0; lane < 8; lane++) lanes[lane] += (double)in[(base + lane) * stride];
    }
    for (int lane = 0; base + lane < n; lane++) lanes[lane] += (double)in[(base + lane) * stride];
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

// Rows of a block are added before the block's sum is, so that the error grows with rows / 64 + 64.
enum { blockRows = 64, tileColumns = 64 };

CLONES void lockstep_column_sum(float *restrict out, const float *restrict in, ptrdiff_t rows, ptrdiff_t columns,
                                ptrdiff_t rowStride, float scale) {
    for (ptrdiff_t left = 0; left < columns; left += tileColumns) {
        const ptrdiff_t width = columns - left < tileColumns ? columns - left : tileColumns;
        float total[tileColumns] = {0};
        for (ptrdiff_t top = 0; top < rows; top += blockRows) {
            const ptrdiff_t bottom = rows - top < blockRows ? rows : top + blockRows;
            float block[tileColumns] = {0};
            if (width == tileColumns) {
                for (ptrdiff_t row = top; row < bottom; row++)
                    for (int j = 0; j < tileColumns; j++) block[j] += in[row * rowStride + left + j];
            } else {
                for (ptrdiff_t row = top; row < bottom; row++)
                    for (ptrdiff_t j = 0; j < width; j++) block[j] += in[row * rowStride + left + j];
            }
            for (int j = 0; j < tileColumns; j++) total[j] += block[j];
        }
        for (ptrdiff_t j = 0; j < width; j++) out[left + j] += scale * total[j];
    }
}

CLONES double lockstep_squared_difference(const float *a, const float *b, ptrdiff_t n) {
    double lanes[8] = {0};
    ptrdiff_t base = 0;
    for (; base + 8 <= n; base += 8)
        for (int lane = 0; lane < 8; lane++) {
            const double difference = (double)a[base + lane] - (double)b[base + lane];
            lanes[lane] += difference * difference;
        }
    for (int lane = 0; base + lane < n; lane++) {
        const double difference = (double)a[base + lane] - (double)b[base + lane];
        lanes[lane] += difference * difference;
    }
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

CLONES void lockstep_difference_gradient(float *restrict gradIn, const float *a, const float *b, float scale,
                                         ptrdiff_t n, bool accumulate) {
    if (accumulate) {
        for (ptrdiff_t i = 0; i < n; i++) gradIn[i] += scale * (a[i] - b[i]);
    } else {
        for (ptrdiff_t i = 0; i < n; i++) gradIn[i] = scale * (a[i] - b[i]);
    }
}
