#include "include/unary.h"
#include "clones.h"
#include "vector_math.h"

/// Defines out = value(x), and gradIn (+)= gradOut * slope(x, y), where y is the output.
#define UNARY(name, value, slope)                                                                                      \
    WIDE_CLONES void lockstep_##name(float *restrict out, const float *restrict in, ptrdiff_t n) {                          \
        for (ptrdiff_t i = 0; i < n; i++) {                                                                            \
            const float x = in[i];                                                                                     \
            out[i] = (value);                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    WIDE_CLONES void lockstep_##name##_gradient(float *restrict gradIn, const float *restrict gradOut,                      \
                                           const float *restrict in, const float *restrict out, ptrdiff_t n,           \
                                           bool accumulate) {                                                          \
        if (accumulate) {                                                                                              \
            for (ptrdiff_t i = 0; i < n; i++) {                                                                        \
                const float x = in[i], y = out[i];                                                                     \
                (void)x, (void)y;                                                                                      \
                gradIn[i] += gradOut[i] * (slope);                                                                     \
            }                                                                                                          \
        } else {                                                                                                       \
            for (ptrdiff_t i = 0; i < n; i++) {                                                                        \
                const float x = in[i], y = out[i];                                                                     \
                (void)x, (void)y;                                                                                      \
                gradIn[i] = gradOut[i] * (slope);                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }

UNARY(exp, vector_exp(x), y)
UNARY(log, vector_log(x), 1 / x)
UNARY(tanh, vector_tanh(x), 1 - y * y)
UNARY(sigmoid, 1 / (1 + vector_exp(-x)), y * (1 - y))
UNARY(square_root, __builtin_elementwise_sqrt(x), 0.5f / y)

// Output and input may be the same, but do not overlap otherwise.
#define IN_PLACE _Pragma("clang loop vectorize(assume_safety)")

// x / 2 (1 + tanh u) is x s with the logistic function s = 1 / (1 + e) of 2 u, where e = exp(-2 u), whose slope is e s²;
// u = sqrt(2 / pi) (x + 0.044715 x³). As a power of 2, e is exp2(-2 u / ln 2).
WIDE_CLONES void lockstep_gelu_tanh(float *out, float *restrict slopes, const float *in, ptrdiff_t n) {
    IN_PLACE for (ptrdiff_t i = 0; i < n; i++) {
        const float x = in[i], square = x * x;
        const float e = vector_normal_exp2(x * (-2.3022081981f - 0.1029432396f * square));
        const float s = 1 / (1 + e);
        const float y = x * s;
        out[i] = y;
        slopes[i] = s + y * (e * s) * (1.5957691216f + 0.2140644488f * square);
    }
}

// The slope is the cumulative normal distribution plus x times its density 1 / sqrt(2 pi) exp(-x² / 2).
WIDE_CLONES void lockstep_gelu_erf(float *out, float *restrict slopes, const float *in, ptrdiff_t n) {
    IN_PLACE for (ptrdiff_t i = 0; i < n; i++) {
        const float x = in[i];
        const float cumulative = 0.5f * (1 + vector_erf(x * 0.7071067812f));
        out[i] = x * cumulative;
        slopes[i] = cumulative + x * 0.3989422804f * vector_exp(-0.5f * x * x);
    }
}
