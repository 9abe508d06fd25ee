#include "include/convolution.h"
#include "clones.h"
#include "vector_math.h"

/// The outputs [from, to) along one axis whose tap `k` falls on the input, not on its padding.
typedef struct {
    ptrdiff_t from, to;
} Range;

LOCKSTEP_INLINE Range covered(ptrdiff_t k, ptrdiff_t in, ptrdiff_t out, ptrdiff_t stride, ptrdiff_t padding) {
    // 0 <= o * stride + k - padding < in
    const ptrdiff_t first = padding - k, last = in - 1 + padding - k;
    Range range;
    range.from = first <= 0 ? 0 : (first + stride - 1) / stride;
    range.to = last < 0 ? 0 : last / stride + 1;
    if (range.to > out) range.to = out;
    if (range.from > range.to) range.from = range.to;
    return range;
}

CLONES void lockstep_unfold(float *restrict columns, const float *restrict image, const LockstepConvolution *c) {
    for (ptrdiff_t channel = 0; channel < c->channels; channel++)
        for (ptrdiff_t ky = 0; ky < c->kernelHeight; ky++)
            for (ptrdiff_t kx = 0; kx < c->kernelWidth; kx++) {
                const Range ys = covered(ky, c->height, c->outHeight, c->strideY, c->paddingY);
                const Range xs = covered(kx, c->width, c->outWidth, c->strideX, c->paddingX);
                for (ptrdiff_t y = 0; y < c->outHeight; y++, columns += c->outWidth) {
                    if (y < ys.from || y >= ys.to) {
                        memset(columns, 0, (size_t)c->outWidth * sizeof(float));
                        continue;
                    }
                    const float *row =
                        image + (channel * c->height + y * c->strideY + ky - c->paddingY) * c->width;
                    const ptrdiff_t shift = kx - c->paddingX;
                    for (ptrdiff_t x = 0; x < xs.from; x++) columns[x] = 0;
                    if (c->strideX == 1) {
                        for (ptrdiff_t x = xs.from; x < xs.to; x++) columns[x] = row[x + shift];
                    } else {
                        for (ptrdiff_t x = xs.from; x < xs.to; x++) columns[x] = row[x * c->strideX + shift];
                    }
                    for (ptrdiff_t x = xs.to; x < c->outWidth; x++) columns[x] = 0;
                }
            }
}

CLONES void lockstep_fold_add(float *restrict image, const float *restrict columns, const LockstepConvolution *c) {
    for (ptrdiff_t channel = 0; channel < c->channels; channel++)
        for (ptrdiff_t ky = 0; ky < c->kernelHeight; ky++)
            for (ptrdiff_t kx = 0; kx < c->kernelWidth; kx++, columns += c->outHeight * c->outWidth) {
                const Range ys = covered(ky, c->height, c->outHeight, c->strideY, c->paddingY);
                const Range xs = covered(kx, c->width, c->outWidth, c->strideX, c->paddingX);
                for (ptrdiff_t y = ys.from; y < ys.to; y++) {
                    float *row = image + (channel * c->height + y * c->strideY + ky - c->paddingY) * c->width;
                    const float *from = columns + y * c->outWidth;
                    const ptrdiff_t shift = kx - c->paddingX;
                    if (c->strideX == 1) {
                        for (ptrdiff_t x = xs.from; x < xs.to; x++) row[x + shift] += from[x];
                    } else {
                        for (ptrdiff_t x = xs.from; x < xs.to; x++) row[x * c->strideX + shift] += from[x];
                    }
                }
            }
}
