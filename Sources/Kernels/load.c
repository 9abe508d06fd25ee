#include "clones.h"
#include "kernels_load.h"

CLONES void lockstep_bytes_to_floats(float *restrict out, const uint8_t *restrict in, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = (float)in[i] / 255.0f;
}
