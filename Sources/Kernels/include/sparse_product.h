// Products of a matrix that is mostly zeros, of which only the others are looked at.
//
// An element is the chain of `matrix_product.h` without the terms that are zero times something, cut at the same places.
// So it has the same bits, where the other factor is finite and no product is so small that it is rounded to 0.
#ifndef LOCKSTEP_SPARSE_PRODUCT_H
#define LOCKSTEP_SPARSE_PRODUCT_H

#include "matrix_product.h"
#include <stdint.h>

/// The elements of a matrix [rows, width] that are not 0, in compressed rows.
///
/// Each row is cut where the chains of a product over its elements are; entries `starts[row * parts + part]` up to the next
/// start belong to a part of a row, by ascending column.
typedef struct {
    float *values;
    int32_t *columns;
    /// rows * parts + 1 of them.
    int32_t *starts;
    ptrdiff_t rows, width;
} LockstepSparse;

/// The values and columns that are written behind the last one, and do not count.
enum { LOCKSTEP_SPARSE_SLACK = 16 };

/// The number of parts in which rows of a width are cut.
ptrdiff_t lockstep_sparse_parts(ptrdiff_t width);

/// Gathers what is not 0 in a matrix of `to->rows` rows, `stride` apart; false if that is more than `limit` elements, or
/// the first rows have far more than their part of that.
///
/// There must be room for `limit` + width + LOCKSTEP_SPARSE_SLACK values and columns.
bool lockstep_sparse_gather(LockstepSparse *to, const float *matrix, ptrdiff_t stride, ptrdiff_t limit);

/// The same by one of the ways up to `lockstep_product_way()`, for tests and measurements.
bool lockstep_sparse_gather_by(LockstepProductWay way, LockstepSparse *to, const float *matrix, ptrdiff_t stride,
                               ptrdiff_t limit);

/// Gathers the transpose: `to` has the rows of `from` for its width, the width for its rows, and room for as much.
void lockstep_sparse_transpose(LockstepSparse *to, const LockstepSparse *from);

/// c = end(a · b), with a [rows, width] and b [width, columns]; row i of c begins at c + i * stride.
///
/// With `isExchanged` c is the transpose, [columns, rows], and the end is that of c. c overlaps neither factor nor bias, and the
/// addend only where it is the same. Extents may be 0. Uses 280 KiB of stack.
void lockstep_sparse_product(float *c, ptrdiff_t stride, const LockstepSparse *a, LockstepMatrix b, ptrdiff_t columns,
                             LockstepProductEnd end, bool isExchanged);

/// The same product by one of the ways up to `lockstep_product_way()`, for tests and measurements.
void lockstep_sparse_product_by(LockstepProductWay way, float *c, ptrdiff_t stride, const LockstepSparse *a,
                                LockstepMatrix b, ptrdiff_t columns, LockstepProductEnd end, bool isExchanged);

#endif
