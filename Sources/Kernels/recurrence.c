#include "include/recurrence.h"
#include "clones.h"

CLONES void lockstep_recurrent_sums(float *restrict out, const float *restrict table, const int32_t *restrict symbols,
                                    const float *restrict products, const int32_t *restrict parents,
                                    const float *restrict bias, ptrdiff_t rows, ptrdiff_t width, bool relu) {
    for (ptrdiff_t i = 0; i < rows; i++) {
        float *sums = out + i * width;
        const float *looked = table + (ptrdiff_t)symbols[i] * width;
        const float *product = products ? products + (ptrdiff_t)parents[i] * width : NULL;
        if (!product) {
            for (ptrdiff_t j = 0; j < width; j++) sums[j] = (looked[j] + 0.0f) + bias[j];
        } else {
            for (ptrdiff_t j = 0; j < width; j++) sums[j] = (looked[j] + product[j]) + bias[j];
        }
        if (!relu) continue;
        for (ptrdiff_t j = 0; j < width; j++) sums[j] = sums[j] > 0 ? sums[j] : 0;
    }
}
