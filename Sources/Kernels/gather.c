#include "include/gather.h"

void lockstep_gather(float *restrict out, const float *restrict in, const int32_t *restrict indices, ptrdiff_t outer,
                     ptrdiff_t outExtent, ptrdiff_t inExtent, ptrdiff_t inner) {
    for (ptrdiff_t o = 0; o < outer; o++)
        for (ptrdiff_t a = 0; a < outExtent; a++)
            for (ptrdiff_t i = 0; i < inner; i++) {
                const ptrdiff_t place = (o * outExtent + a) * inner + i;
                out[place] = in[(o * inExtent + indices[place]) * inner + i];
            }
}

void lockstep_scatter_add(float *restrict gradIn, const float *restrict gradOut, const int32_t *restrict indices,
                          ptrdiff_t outer, ptrdiff_t outExtent, ptrdiff_t inExtent, ptrdiff_t inner) {
    for (ptrdiff_t o = 0; o < outer; o++)
        for (ptrdiff_t a = 0; a < outExtent; a++)
            for (ptrdiff_t i = 0; i < inner; i++) {
                const ptrdiff_t place = (o * outExtent + a) * inner + i;
                gradIn[(o * inExtent + indices[place]) * inner + i] += gradOut[place];
            }
}
