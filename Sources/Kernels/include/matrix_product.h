// Products of matrices of any size and layout, on the calling thread.
//
// An element of a product is a chain of fused multiply-adds in the order of the inner index, cut where it begins anew
// after as many equal parts as keep it to 512 terms. So it depends neither on the other elements, nor on how many of them are
// computed at once, nor on the instruction set: where a processor has no fused multiply-add it is computed exactly by
// other means, slowly.
#ifndef LOCKSTEP_MATRIX_PRODUCT_H
#define LOCKSTEP_MATRIX_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

/// A matrix in memory: element [i, j] lies at values + i * rowStride + j * columnStride; one of the strides is 1.
typedef struct {
    const float *values;
    ptrdiff_t rowStride, columnStride;
} LockstepMatrix;

/// The most terms of a chain.
enum { LOCKSTEP_PRODUCT_CHAIN = 512 };

/// What is done to a product before it is stored.
typedef struct {
    /// Added before all else, or null: a matrix of the product's extents, whose rows lie `addendStride` apart. It may be
    /// where the product is stored.
    const float *addend;
    ptrdiff_t addendStride;
    /// Added to every row, or null.
    const float *bias;
    /// Whether negative results, and those that are no numbers, become 0.
    bool relu;
} LockstepProductEnd;

/// Where a factor or the product is triangular: the other elements are left out, and cost nothing where whole tiles are.
typedef enum {
    LOCKSTEP_RECTANGLE,
    /// Elements [i, j] of the product with j > i are not wanted: they are computed, or left as they are.
    LOCKSTEP_LOWER_PRODUCT,
    /// Elements [i, p] of `a` with p > i are zeros.
    LOCKSTEP_LOWER_FACTOR,
    /// Elements [i, p] of `a` with p < i are zeros.
    LOCKSTEP_UPPER_FACTOR,
} LockstepTriangle;

/// c [rows, columns] = end(a · b), with a [rows, depth] and b [depth, columns]; row i of c begins at c + i * stride.
///
/// c overlaps neither factor nor bias, and the addend only where it is the same. Extents may be 0; where depth is, the product is zeros. Uses 72 KiB of stack.
void lockstep_product(float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b, ptrdiff_t rows,
                      ptrdiff_t columns, ptrdiff_t depth, LockstepProductEnd end);

/// The same with a triangle in it. A zero that is left out does not change a sum, unless it would meet an infinity.
void lockstep_triangular_product(float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b, ptrdiff_t rows,
                                 ptrdiff_t columns, ptrdiff_t depth, LockstepTriangle triangle,
                                 LockstepProductEnd end);

/// out [columns, rows] = the transpose of in [rows, columns]; they do not overlap.
void lockstep_transpose(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns);

/// The ways a product can be computed, from the plainest to the widest.
typedef enum {
    LOCKSTEP_PRODUCT_PLAIN,
    LOCKSTEP_PRODUCT_AVX2,
    LOCKSTEP_PRODUCT_AVX512,
} LockstepProductWay;

/// The widest way that this processor can go; `lockstep_product` goes it.
LockstepProductWay lockstep_product_way(void);

/// The same product by one of the ways up to `lockstep_product_way()`, for tests and measurements.
void lockstep_product_by(LockstepProductWay way, float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b,
                         ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, LockstepTriangle triangle,
                         LockstepProductEnd end);

#endif
