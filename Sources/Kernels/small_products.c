#include "include/small_products.h"
#include "clones.h"
#include "lanes.h"

// How many of the columns row i has to do with.
#define SEEN(row, columns, causal) ((causal) && (row) + 1 < (columns) ? (row) + 1 : (columns))

CLONES void lockstep_row_dots(float *restrict out, const float *a, ptrdiff_t strideA, const float *b,
                              ptrdiff_t strideB, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, bool causal) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = a + row * strideA;
        const ptrdiff_t seen = SEEN(row, columns, causal);
        ptrdiff_t column = 0;
        // Four sums at a time, so that their additions overlap.
        for (; column + 4 <= seen; column += 4) {
            const float *y0 = b + column * strideB, *y1 = y0 + strideB, *y2 = y1 + strideB, *y3 = y2 + strideB;
            float s0[8] = {0}, s1[8] = {0}, s2[8] = {0}, s3[8] = {0};
            ptrdiff_t d = 0;
            for (; d + 8 <= depth; d += 8) {
                for (int lane = 0; lane < 8; lane++) s0[lane] += x[d + lane] * y0[d + lane];
                for (int lane = 0; lane < 8; lane++) s1[lane] += x[d + lane] * y1[d + lane];
                for (int lane = 0; lane < 8; lane++) s2[lane] += x[d + lane] * y2[d + lane];
                for (int lane = 0; lane < 8; lane++) s3[lane] += x[d + lane] * y3[d + lane];
            }
            for (int lane = 0; d + lane < depth; lane++) {
                s0[lane] += x[d + lane] * y0[d + lane];
                s1[lane] += x[d + lane] * y1[d + lane];
                s2[lane] += x[d + lane] * y2[d + lane];
                s3[lane] += x[d + lane] * y3[d + lane];
            }
            out[row * columns + column] = combine_lanes(s0);
            out[row * columns + column + 1] = combine_lanes(s1);
            out[row * columns + column + 2] = combine_lanes(s2);
            out[row * columns + column + 3] = combine_lanes(s3);
        }
        for (; column < seen; column++) {
            const float *y = b + column * strideB;
            float sum;
            LANE_SUM(sum, depth, x[i] * y[i]);
            out[row * columns + column] = sum;
        }
        for (; column < columns; column++) out[row * columns + column] = 0;
    }
}

enum { tile = 32 };

/// One row of a product: out (+)= sum over i of w[i * strideW] * b[i, :], from `from` to `to`.
LOCKSTEP_INLINE void weighted_rows(float *restrict out, const float *w, ptrdiff_t strideW, const float *b,
                                   ptrdiff_t strideB, ptrdiff_t from, ptrdiff_t to, ptrdiff_t depth, bool accumulate) {
    ptrdiff_t d = 0;
    for (; d + tile <= depth; d += tile) {
        float sum[tile];
        for (int j = 0; j < tile; j++) sum[j] = accumulate ? out[d + j] : 0;
        for (ptrdiff_t i = from; i < to; i++) {
            const float factor = w[i * strideW];
            for (int j = 0; j < tile; j++) sum[j] += factor * b[i * strideB + d + j];
        }
        for (int j = 0; j < tile; j++) out[d + j] = sum[j];
    }
    if (d == depth) return;
    if (!accumulate)
        for (ptrdiff_t j = d; j < depth; j++) out[j] = 0;
    for (ptrdiff_t i = from; i < to; i++) {
        const float factor = w[i * strideW];
        for (ptrdiff_t j = d; j < depth; j++) out[j] += factor * b[i * strideB + j];
    }
}

CLONES void lockstep_rows_product(float *restrict out, ptrdiff_t strideOut, const float *w, const float *b,
                                  ptrdiff_t strideB, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, bool causal,
                                  bool accumulate) {
    for (ptrdiff_t row = 0; row < rows; row++)
        weighted_rows(out + row * strideOut, w + row * columns, 1, b, strideB, 0, SEEN(row, columns, causal), depth,
                      accumulate);
}

CLONES void lockstep_columns_product(float *restrict out, ptrdiff_t strideOut, const float *w, const float *b,
                                     ptrdiff_t strideB, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth,
                                     bool causal, bool accumulate) {
    for (ptrdiff_t column = 0; column < columns; column++)
        weighted_rows(out + column * strideOut, w + column, columns, b, strideB,
                      causal ? (column < rows ? column : rows) : 0, rows, depth, accumulate);
}
