// Random flags, and dropping elements by them.
#ifndef LOCKSTEP_PHILOX_H
#define LOCKSTEP_PHILOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// flags[i] = word i % 4 of Philox 4x32-10 at counter i / 4 is below the threshold (at most 2^32).
void lockstep_bernoulli(uint8_t *flags, uint32_t keyLow, uint32_t keyHigh, uint64_t threshold, ptrdiff_t n);

/// out (+)= keep ? in * scale : 0
void lockstep_dropout(float *out, const float *in, const uint8_t *keep, float scale, ptrdiff_t n, bool accumulate);

#endif
