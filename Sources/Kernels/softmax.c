#include "include/softmax.h"
#include "clones.h"
#include "lanes.h"

/// Writes exp(scale * in - max) and returns its sum; the largest scaled value goes to `largest`.
LOCKSTEP_INLINE float exponentials(float *out, const float *in, ptrdiff_t n, float scale, float *largest) {
    const float top = scale * lane_max(in, n);
    for (ptrdiff_t i = 0; i < n; i++) out[i] = vector_exp(scale * in[i] - top);
    float sum;
    LANE_SUM(sum, n, out[i]);
    *largest = top;
    return sum;
}

LOCKSTEP_INLINE void scale_row(float *row, float factor, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) row[i] *= factor;
}

CLONES void lockstep_softmax(float *restrict out, const float *restrict in, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float top;
        const float sum = exponentials(out + row * columns, in + row * columns, columns, 1, &top);
        scale_row(out + row * columns, 1 / sum, columns);
    }
}

CLONES void lockstep_softmax_gradient(float *restrict gradIn, const float *restrict gradOut, const float *restrict out,
                                      ptrdiff_t rows, ptrdiff_t columns, bool accumulate) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *g = gradOut + row * columns, *p = out + row * columns;
        float *target = gradIn + row * columns;
        float dot;
        LANE_SUM(dot, columns, g[i] * p[i]);
        if (accumulate) {
            for (ptrdiff_t i = 0; i < columns; i++) target[i] += p[i] * (g[i] - dot);
        } else {
            for (ptrdiff_t i = 0; i < columns; i++) target[i] = p[i] * (g[i] - dot);
        }
    }
}

CLONES void lockstep_log_softmax(float *restrict out, const float *restrict in, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = in + row * columns;
        float *y = out + row * columns;
        float top;
        const float sum = vector_log(exponentials(y, x, columns, 1, &top));
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - top) - sum;
    }
}

CLONES void lockstep_log_softmax_gradient(float *restrict gradIn, const float *restrict gradOut,
                                          const float *restrict out, ptrdiff_t rows, ptrdiff_t columns,
                                          bool accumulate) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *g = gradOut + row * columns, *y = out + row * columns;
        float *target = gradIn + row * columns;
        float sum;
        LANE_SUM(sum, columns, g[i]);
        if (accumulate) {
            for (ptrdiff_t i = 0; i < columns; i++) target[i] += g[i] - vector_exp(y[i]) * sum;
        } else {
            for (ptrdiff_t i = 0; i < columns; i++) target[i] = g[i] - vector_exp(y[i]) * sum;
        }
    }
}

// Rows of at most so many columns are computed in vectors of this length, filled up with what does not count; the order
// of additions is that of longer rows.
enum { narrow = 16 };

/// Copies the columns of a short row in pieces of known lengths, which need no loops.
LOCKSTEP_INLINE void copy_short(float *restrict to, const float *restrict from, ptrdiff_t columns) {
    _Pragma("clang loop unroll(full)") for (int piece = narrow; piece > 0; piece /= 2)
        if (columns & piece) {
            memcpy(to, from, (size_t)piece * sizeof(float));
            to += piece, from += piece;
        }
}

LOCKSTEP_INLINE void attention_softmax_narrow(float *scores, ptrdiff_t rows, ptrdiff_t columns, float scale,
                                              bool causal) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float x[narrow] = {0}, lanes[8];
        copy_short(x, scores + row * columns, columns);
        const int seen = (int)(causal && row + 1 < columns ? row + 1 : columns);
        for (int i = 0; i < narrow; i++) x[i] = i < seen ? x[i] : -__builtin_inff();
        for (int i = 0; i < 8; i++) lanes[i] = x[i] > x[i + 8] ? x[i] : x[i + 8];
        for (int i = 0; i < 4; i++) lanes[i] = lanes[i] > lanes[i + 4] ? lanes[i] : lanes[i + 4];
        for (int i = 0; i < 2; i++) lanes[i] = lanes[i] > lanes[i + 2] ? lanes[i] : lanes[i + 2];
        const float top = scale * (lanes[0] > lanes[1] ? lanes[0] : lanes[1]);
        for (int i = 0; i < narrow; i++) x[i] = vector_exp(scale * x[i] - top);
        for (int i = 0; i < narrow; i++) x[i] = i < seen ? x[i] : 0;
        for (int i = 0; i < 8; i++) lanes[i] = x[i] + x[i + 8];
        const float factor = 1 / combine_lanes(lanes);
        for (int i = 0; i < narrow; i++) x[i] *= factor;
        copy_short(scores + row * columns, x, columns);
    }
}

CLONES void lockstep_attention_softmax(float *scores, ptrdiff_t rows, ptrdiff_t columns, float scale, bool causal) {
    if (columns <= narrow) {
        attention_softmax_narrow(scores, rows, columns, scale, causal);
        return;
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *s = scores + row * columns;
        const ptrdiff_t seen = causal && row + 1 < columns ? row + 1 : columns;
        // What is not seen is computed as well up to a whole vector, and then dropped.
        const ptrdiff_t whole = (seen + 7) / 8 * 8 < columns ? (seen + 7) / 8 * 8 : columns;
        const float top = scale * lane_max(s, seen);
        for (ptrdiff_t i = 0; i < whole; i++) s[i] = vector_exp(scale * s[i] - top);
        for (ptrdiff_t i = seen; i < columns; i++) s[i] = 0;
        float sum;
        LANE_SUM(sum, whole, s[i]);
        scale_row(s, 1 / sum, whole);
    }
}

LOCKSTEP_INLINE void attention_softmax_gradient_narrow(float *restrict gradient, const float *restrict probabilities,
                                                       ptrdiff_t rows, ptrdiff_t columns, float scale) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float g[narrow] = {0}, p[narrow] = {0}, lanes[8];
        copy_short(g, gradient + row * columns, columns);
        copy_short(p, probabilities + row * columns, columns);
        for (int i = 0; i < 8; i++) lanes[i] = g[i] * p[i] + g[i + 8] * p[i + 8];
        const float dot = combine_lanes(lanes);
        for (int i = 0; i < narrow; i++) g[i] = scale * (p[i] * (g[i] - dot));
        copy_short(gradient + row * columns, g, columns);
    }
}

CLONES void lockstep_attention_softmax_gradient(float *restrict gradient, const float *restrict probabilities,
                                                ptrdiff_t rows, ptrdiff_t columns, float scale) {
    if (columns <= narrow) {
        attention_softmax_gradient_narrow(gradient, probabilities, rows, columns, scale);
        return;
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *g = gradient + row * columns;
        const float *p = probabilities + row * columns;
        float dot;
        LANE_SUM(dot, columns, g[i] * p[i]);
        for (ptrdiff_t i = 0; i < columns; i++) g[i] = scale * (p[i] * (g[i] - dot));
    }
}

CLONES double lockstep_cross_entropy(float *restrict probabilities, const float *restrict logits,
                                     const int32_t *restrict targets, ptrdiff_t rows, ptrdiff_t columns) {
    double total = 0;
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns;
        float *p = probabilities + row * columns;
        float top;
        const float sum = exponentials(p, x, columns, 1, &top);
        total += (double)(vector_log(sum) - (x[targets[row]] - top));
        scale_row(p, 1 / sum, columns);
    }
    return total;
}

CLONES void lockstep_cross_entropy_gradient(float *restrict gradIn, const float *restrict probabilities,
                                            const int32_t *restrict targets, ptrdiff_t rows, ptrdiff_t columns,
                                            float scale, bool accumulate) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *p = probabilities + row * columns;
        float *g = gradIn + row * columns;
        if (accumulate) {
            for (ptrdiff_t i = 0; i < columns; i++) g[i] += scale * p[i];
        } else {
            for (ptrdiff_t i = 0; i < columns; i++) g[i] = scale * p[i];
        }
        g[targets[row]] -= scale;
    }
}

CLONES double lockstep_soft_cross_entropy(float *restrict logProbabilities, const float *restrict logits,
                                          const float *restrict targets, ptrdiff_t rows, ptrdiff_t columns) {
    double total = 0;
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns, *t = targets + row * columns;
        float *y = logProbabilities + row * columns;
        float top;
        const float sum = vector_log(exponentials(y, x, columns, 1, &top));
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - top) - sum;
        float loss;
        // A class without probability counts nothing, even where its logit is minus infinity.
        LANE_SUM(loss, columns, t[i] == 0 ? 0 : t[i] * y[i]);
        total -= (double)loss;
    }
    return total;
}

CLONES void lockstep_soft_cross_entropy_gradient(float *restrict gradIn, const float *restrict logProbabilities,
                                                 const float *restrict targets, ptrdiff_t rows, ptrdiff_t columns,
                                                 float scale, bool accumulate) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const float *y = logProbabilities + row * columns, *t = targets + row * columns;
        float *g = gradIn + row * columns;
        float mass;
        LANE_SUM(mass, columns, t[i]);
        if (accumulate) {
            for (ptrdiff_t i = 0; i < columns; i++) g[i] += scale * (vector_exp(y[i]) * mass - t[i]);
        } else {
            for (ptrdiff_t i = 0; i < columns; i++) g[i] = scale * (vector_exp(y[i]) * mass - t[i]);
        }
    }
}
