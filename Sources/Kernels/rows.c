#include "include/rows.h"
#include "clones.h"
#include "fetch.h"
#include "vector_math.h"

CLONES void lockstep_tanh_in_place(float *x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) x[i] = vector_tanh(x[i]);
}

void lockstep_fetch(const void *place, ptrdiff_t byteCount, bool isWritten) {
    fetch_floats(place, (byteCount + 3) / 4, isWritten);
}

void lockstep_gather_rows(float *restrict out, const float *restrict table, const int32_t *restrict indices,
                          ptrdiff_t n, ptrdiff_t width) {
    for (ptrdiff_t i = 0; i < n; i++)
        memcpy(out + i * width, table + (ptrdiff_t)indices[i] * width, (size_t)width * sizeof(float));
}

CLONES void lockstep_scatter_add_rows(float *restrict table, const float *restrict in, const int32_t *restrict indices,
                                      ptrdiff_t n, ptrdiff_t width) {
    for (ptrdiff_t i = 0; i < n; i++) {
        float *row = table + (ptrdiff_t)indices[i] * width;
        for (ptrdiff_t j = 0; j < width; j++) row[j] += in[i * width + j];
    }
}

CLONES bool lockstep_indices_are_below(const int32_t *indices, ptrdiff_t n, int64_t bound) {
    uint32_t largest = 0;
    for (ptrdiff_t i = 0; i < n; i++) largest = (uint32_t)indices[i] > largest ? (uint32_t)indices[i] : largest;
    return n == 0 || (int64_t)largest < bound;
}

CLONES void lockstep_masked_fill(float *restrict out, ptrdiff_t strideOut, const float *restrict in,
                                 ptrdiff_t strideIn, const uint8_t *restrict mask, ptrdiff_t strideMask, float value,
                                 ptrdiff_t n, bool accumulate) {
    if (strideOut == 1 && strideIn == 1 && strideMask == 1 && !accumulate) {
        for (ptrdiff_t i = 0; i < n; i++) out[i] = mask[i] ? value : in[i];
    } else {
        for (ptrdiff_t i = 0; i < n; i++) {
            const float chosen = mask[i * strideMask] ? value : in[i * strideIn];
            out[i * strideOut] = accumulate ? out[i * strideOut] + chosen : chosen;
        }
    }
}
