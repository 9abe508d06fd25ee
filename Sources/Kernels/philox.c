#include "include/philox.h"
#include "clones.h"
#include <string.h>

enum { blocks = 8 };

/// Philox 4x32-10 (Salmon et al., SC'11) at eight counters in a row; words[w][b] is word w of counter + b.
static inline __attribute__((always_inline)) void eight_blocks(uint32_t words[4][blocks], uint32_t low, uint32_t high,
                                                               uint64_t counter) {
    for (int b = 0; b < blocks; b++) {
        uint32_t c0 = (uint32_t)(counter + (uint64_t)b), c1 = (uint32_t)((counter + (uint64_t)b) >> 32);
        uint32_t c2 = 0, c3 = 0, k0 = low, k1 = high;
        for (int round = 0; round < 10; round++) {
            const uint64_t p0 = (uint64_t)c0 * 0xD2511F53u, p1 = (uint64_t)c2 * 0xCD9E8D57u;
            c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint32_t)p1;
            c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint32_t)p0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        words[0][b] = c0;
        words[1][b] = c1;
        words[2][b] = c2;
        words[3][b] = c3;
    }
}

CLONES void lockstep_bernoulli(uint8_t *restrict flags, uint32_t keyLow, uint32_t keyHigh, uint64_t threshold,
                               ptrdiff_t n) {
    uint32_t words[4][blocks];
    uint8_t drawn[4 * blocks];
    for (ptrdiff_t begin = 0; begin < n; begin += 4 * blocks) {
        eight_blocks(words, keyLow, keyHigh, (uint64_t)begin / 4);
        for (int b = 0; b < blocks; b++)
            for (int w = 0; w < 4; w++) drawn[4 * b + w] = words[w][b] < threshold;
        memcpy(flags + begin, drawn, (size_t)(n - begin < 4 * blocks ? n - begin : 4 * blocks));
    }
}

CLONES void lockstep_dropout(float *restrict out, const float *restrict in, const uint8_t *restrict keep, float scale,
                             ptrdiff_t n, bool accumulate) {
    if (accumulate) {
        for (ptrdiff_t i = 0; i < n; i++) out[i] += keep[i] ? in[i] * scale : 0;
    } else {
        for (ptrdiff_t i = 0; i < n; i++) out[i] = keep[i] ? in[i] * scale : 0;
    }
}
