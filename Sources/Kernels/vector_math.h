// Branch-free float32 functions that compilers can run in lanes: exp, log, tanh, erf.
//
// Each reduces its argument to a short interval (as W. J. Cody and W. Waite describe in "Software Manual for the
// Elementary Functions", 1980) and evaluates a polynomial there, whose coefficients are a near-minimax fit of our own
// (iteratively reweighted least squares at 400 Chebyshev nodes). Errors: exp, log and tanh at most 2 units in the last
// place, erf and exp2 at most 3; the tests compare them with the C library's, exp2 as a part of GELU.
#ifndef LOCKSTEP_VECTOR_MATH_H
#define LOCKSTEP_VECTOR_MATH_H

#include <stdint.h>
#include <string.h>

#define LOCKSTEP_INLINE static inline __attribute__((always_inline))

LOCKSTEP_INLINE int32_t bits_of_float(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LOCKSTEP_INLINE float float_of_bits(int32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// e to the x; 0 below -104, infinity above 88.7228, NaN stays NaN.
LOCKSTEP_INLINE float vector_exp(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -104.0f ? -104.0f : x;
    // n = x / ln 2, rounded by adding 1.5 * 2^23; then r = x - n ln 2, with ln 2 in two parts.
    const float magic = 0x1.8p23f;
    float shifted = x * 0x1.715476p+0f + magic;
    float n = shifted - magic;
    float r = (x - n * 0x1.62p-1f) - n * 0x1.c85fe0p-10f;
    float p = 0x1.6db44ep-10f;
    p = p * r + 0x1.123b72p-7f;
    p = p * r + 0x1.55545ep-5f;
    p = p * r + 0x1.55548ep-3f;
    p = p * r + 0x1p-1f;
    p = 1.0f + (r + r * r * p);
    // Times 2^n in two factors, so that results below the normal range come out right.
    int32_t exponent = (int32_t)((uint32_t)bits_of_float(shifted) - (uint32_t)bits_of_float(magic));
    int32_t half = exponent >> 1;
    float first = float_of_bits((int32_t)((uint32_t)(half + 127) << 23));
    float second = float_of_bits((int32_t)((uint32_t)(exponent - half + 127) << 23));
    return p * first * second;
}

/// 2 to the x between -126 and 126, where it is in the normal range; beyond as there. NaN may not stay NaN.
LOCKSTEP_INLINE float vector_normal_exp2(float x) {
    x = x > 126.0f ? 126.0f : x;
    x = x < -126.0f ? -126.0f : x;
    // x = n + r, with n rounded by adding 1.5 * 2^23, whose last bits then are those of n.
    const float magic = 0x1.8p23f;
    float shifted = x + magic;
    float r = x - (shifted - magic);
    float p = 0x1.5bba12p-10f;
    p = p * r + 0x1.3cea88p-7f;
    p = p * r + 0x1.c6b752p-5f;
    p = p * r + 0x1.ebf9bcp-3f;
    p = p * r + 0x1.62e42ap-1f;
    p = p * r + 1.0f;
    return float_of_bits((int32_t)((uint32_t)bits_of_float(p) + ((uint32_t)bits_of_float(shifted) << 23)));
}

/// The natural logarithm; minus infinity at 0, NaN below.
LOCKSTEP_INLINE float vector_log(float x) {
    float scaled = x < 0x1p-126f ? x * 0x1p23f : x;
    float offset = x < 0x1p-126f ? -23.0f : 0.0f;
    // scaled = 2^n (1 + f) with 1 + f between the roots of 1/2 and 2.
    uint32_t shifted = (uint32_t)bits_of_float(scaled) - 0x3f3504f3u;
    int32_t exponent = (int32_t)shifted >> 23;
    float n = (float)exponent + offset;
    float f = float_of_bits((int32_t)((shifted & 0x7fffffu) + 0x3f3504f3u)) - 1.0f;
    float p = 0x1.1b4be2p-4f;
    p = p * f + -0x1.e2fc18p-4f;
    p = p * f + 0x1.e65668p-4f;
    p = p * f + -0x1.fb40a4p-4f;
    p = p * f + 0x1.233238p-3f;
    p = p * f + -0x1.5562f0p-3f;
    p = p * f + 0x1.99a54cp-3f;
    p = p * f + -0x1.ffffeep-3f;
    p = p * f + 0x1.555546p-2f;
    float square = f * f;
    float tail = square * f * p + n * 0x1.c85fe0p-10f;
    tail = tail - 0.5f * square;
    float result = n * 0x1.62p-1f + (f + tail);
    result = x == 0 ? -__builtin_inff() : result;
    result = x == __builtin_inff() ? x : result;
    result = x < 0 ? __builtin_nanf("") : result;
    return x != x ? x : result;
}

/// The hyperbolic tangent: an odd polynomial near 0, else 1 - 2 / (exp(2|x|) + 1).
LOCKSTEP_INLINE float vector_tanh(float x) {
    float size = __builtin_fabsf(x);
    float u = x * x;
    float p = -0x1.76abf6p-8f;
    p = p * u + 0x1.5256cep-6f;
    p = p * u + -0x1.b84448p-5f;
    p = p * u + 0x1.110768p-3f;
    p = p * u + -0x1.555534p-2f;
    float near = x + x * u * p;
    float far = __builtin_copysignf(1.0f - 2.0f / (vector_exp(2.0f * size) + 1.0f), x);
    return size < 0.625f ? near : far;
}

/// The error function: an odd polynomial in [-1, 1], else 1 - exp(-P(|x|)) with P = -log erfc.
LOCKSTEP_INLINE float vector_erf(float x) {
    float size = __builtin_fabsf(x);
    float u = x * x;
    float p = -0x1.44cfbep-17f;
    p = p * u + 0x1.d8b88ep-14f;
    p = p * u + -0x1.bcd7dep-11f;
    p = p * u + 0x1.562b1ap-8f;
    p = p * u + -0x1.b829d8p-6f;
    p = p * u + 0x1.ce2f0ap-4f;
    p = p * u + -0x1.812746p-2f;
    p = p * u + 0x1.20dd76p+0f;
    float near = x * p;
    float z = size > 4.0f ? 4.0f : size;
    float q = -0x1.c773bap-23f;
    q = q * z + 0x1.9f4eaep-16f;
    q = q * z + -0x1.e2b858p-12f;
    q = q * z + 0x1.17e164p-8f;
    q = q * z + -0x1.9f511ap-6f;
    q = q * z + 0x1.bcda46p-4f;
    q = q * z + 0x1.442114p-1f;
    q = q * z + 0x1.2130b4p+0f;
    q = q * z + -0x1.a7c314p-13f;
    float far = __builtin_copysignf(1.0f - vector_exp(-q), x);
    return size < 1.0f ? near : (x != x ? x : far);
}

#endif
