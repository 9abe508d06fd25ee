#include "include/peak.h"

// Twelve chains: two multiply-adds a cycle, which take four to six cycles, and some to spare.
enum { chains = 12 };

#define PEAK(name, target, lanes, fused)                                                                               \
    target static double name(ptrdiff_t rounds, float *sink) {                                                         \
        typedef float Vector __attribute__((vector_size(4 * (lanes))));                                                \
        const float start = *sink;                                                                                     \
        const Vector factor = start - (Vector){0}, addend = factor + 1;                                                \
        Vector sums[chains];                                                                                           \
        for (int chain = 0; chain < chains; chain++) sums[chain] = factor + (float)chain;                              \
        for (ptrdiff_t round = 0; round < rounds; round++)                                                             \
            _Pragma("clang loop unroll(full)") for (int chain = 0; chain < chains; chain++) sums[chain] =              \
                fused(sums[chain], factor, addend);                                                                    \
        Vector total = sums[0];                                                                                        \
        for (int chain = 1; chain < chains; chain++) total += sums[chain];                                             \
        for (int lane = 0; lane < (lanes); lane++) *sink += total[lane];                                               \
        return 2.0 * (lanes)*chains * (double)rounds;                                                                  \
    }

#define APART(a, b, c) ((a) * (b) + (c))
#if defined(__x86_64__)
PEAK(peak_avx512, __attribute__((target("avx512f,avx512vl,fma"))), 16, __builtin_elementwise_fma)
PEAK(peak_avx2, __attribute__((target("avx2,fma"))), 8, __builtin_elementwise_fma)
PEAK(peak_plain, , 4, APART)
#else
PEAK(peak_plain, , 4, __builtin_elementwise_fma)
#endif

double lockstep_peak(LockstepProductWay way, ptrdiff_t rounds, float *sink) {
    switch (way) {
#if defined(__x86_64__)
    case LOCKSTEP_PRODUCT_AVX512: return peak_avx512(rounds, sink);
    case LOCKSTEP_PRODUCT_AVX2: return peak_avx2(rounds, sink);
#endif
    default: return peak_plain(rounds, sink);
    }
}
