// Loading of stored examples into float32 leaves. Pointers do not overlap; n may be 0.
#ifndef LOCKSTEP_KERNELS_LOAD_H
#define LOCKSTEP_KERNELS_LOAD_H

#include <stddef.h>
#include <stdint.h>

/// out = in / 255, correctly rounded: grey values as fractions.
void lockstep_bytes_to_floats(float *out, const uint8_t *in, ptrdiff_t n);

#endif
