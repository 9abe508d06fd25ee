#include "include/arithmetic.h"
#include "clones.h"

#define BINARY(name, operator)                                                                                         \
    CLONES void lockstep_##name(float *restrict out, const float *a, ptrdiff_t strideA, const float *b,                \
                                ptrdiff_t strideB, ptrdiff_t n) {                                                      \
        if (strideA == 1 && strideB == 1) {                                                                            \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = a[i] operator b[i];                                             \
        } else if (strideA == 1 && strideB == 0) {                                                                     \
            const float right = *b;                                                                                    \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = a[i] operator right;                                            \
        } else if (strideA == 0 && strideB == 1) {                                                                     \
            const float left = *a;                                                                                     \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = left operator b[i];                                             \
        } else {                                                                                                       \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = a[i * strideA] operator b[i * strideB];                         \
        }                                                                                                              \
    }

BINARY(add, +)
BINARY(subtract, -)
BINARY(multiply, *)
BINARY(divide, /)

CLONES void lockstep_divide_gradient(float *restrict out, const float *gradOut, const float *quotient, const float *b,
                                     ptrdiff_t strideB, ptrdiff_t n) {
    if (strideB == 1) {
        for (ptrdiff_t i = 0; i < n; i++) out[i] = -gradOut[i] * quotient[i] / b[i];
    } else {
        for (ptrdiff_t i = 0; i < n; i++) out[i] = -gradOut[i] * quotient[i] / b[i * strideB];
    }
}

CLONES void lockstep_affine(float *restrict out, const float *restrict in, float scale, float offset, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = in[i] * scale + offset;
}

CLONES void lockstep_assign(float *restrict out, ptrdiff_t strideOut, const float *restrict in, ptrdiff_t strideIn,
                            ptrdiff_t n, float scale, bool accumulate) {
    if (strideOut == 1 && strideIn == 1) {
        if (accumulate) {
            for (ptrdiff_t i = 0; i < n; i++) out[i] += scale * in[i];
        } else {
            for (ptrdiff_t i = 0; i < n; i++) out[i] = scale * in[i];
        }
    } else if (strideOut == 1 && strideIn == 0) {
        const float value = scale * *in;
        if (accumulate) {
            for (ptrdiff_t i = 0; i < n; i++) out[i] += value;
        } else {
            for (ptrdiff_t i = 0; i < n; i++) out[i] = value;
        }
    } else if (accumulate) {
        for (ptrdiff_t i = 0; i < n; i++) out[i * strideOut] += scale * in[i * strideIn];
    } else {
        for (ptrdiff_t i = 0; i < n; i++) out[i * strideOut] = scale * in[i * strideIn];
    }
}

CLONES void lockstep_multiply_gradient(float *restrict gradIn, const float *gradOut, const float *factor, ptrdiff_t n,
                                       bool accumulate) {
    if (accumulate) {
        for (ptrdiff_t i = 0; i < n; i++) gradIn[i] += gradOut[i] * factor[i];
    } else {
        for (ptrdiff_t i = 0; i < n; i++) gradIn[i] = gradOut[i] * factor[i];
    }
}
