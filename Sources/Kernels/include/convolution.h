// Two-dimensional cross-correlation of one image [channels, height, width].
#ifndef LOCKSTEP_CONVOLUTION_H
#define LOCKSTEP_CONVOLUTION_H

#include <stddef.h>

/// Extents, strides and zero padding of a convolution; outHeight and outWidth follow from the others.
typedef struct {
    ptrdiff_t channels, height, width;
    ptrdiff_t kernelHeight, kernelWidth;
    ptrdiff_t strideY, strideX;
    ptrdiff_t paddingY, paddingX;
    ptrdiff_t outHeight, outWidth;
} LockstepConvolution;

/// columns [channels * kernelHeight * kernelWidth, outHeight * outWidth] = what each tap sees at each place.
void lockstep_unfold(float *columns, const float *image, const LockstepConvolution *c);

/// image += columns, each where lockstep_unfold read it.
void lockstep_fold_add(float *image, const float *columns, const LockstepConvolution *c);

#endif
