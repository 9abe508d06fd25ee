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

/// The columns that a row of attention sees, where the first row sees `first`.
LOCKSTEP_INLINE ptrdiff_t seen_columns(ptrdiff_t row, ptrdiff_t columns, ptrdiff_t first) {
    return first + row < columns ? first + row : columns;
}

/// As many columns, up to whole lanes.
LOCKSTEP_INLINE ptrdiff_t whole_lanes(ptrdiff_t seen, ptrdiff_t columns) {
    return (seen + 7) / 8 * 8 < columns ? (seen + 7) / 8 * 8 : columns;
}

CLONES void lockstep_attention_softmax(float *scores, ptrdiff_t rows, ptrdiff_t columns, float scale,
                                       ptrdiff_t first) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *s = scores + row * columns;
        // What is not seen is computed as well up to a whole vector, and then dropped.
        const ptrdiff_t seen = seen_columns(row, columns, first), whole = whole_lanes(seen, columns);
        const float top = scale * lane_max(s, seen);
        for (ptrdiff_t i = 0; i < whole; i++) s[i] = vector_exp(scale * s[i] - top);
        for (ptrdiff_t i = seen; i < columns; i++) s[i] = 0;
        float sum;
        LANE_SUM(sum, whole, s[i]);
        scale_row(s, 1 / sum, whole);
    }
}

CLONES void lockstep_attention_softmax_gradient(float *restrict gradient, const float *restrict probabilities,
                                                ptrdiff_t rows, ptrdiff_t columns, float scale, ptrdiff_t first) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        float *g = gradient + row * columns;
        const float *p = probabilities + row * columns;
        const ptrdiff_t seen = seen_columns(row, columns, first), whole = whole_lanes(seen, columns);
        for (ptrdiff_t i = seen; i < columns; i++) g[i] = 0;
        float dot;
        LANE_SUM(dot, whole, g[i] * p[i]);
        for (ptrdiff_t i = 0; i < whole; i++) g[i] = scale * (p[i] * (g[i] - dot));
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
