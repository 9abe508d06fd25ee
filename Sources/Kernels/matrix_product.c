#include "include/matrix_product.h"
#include "include/sparse_product.h"
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define TILE_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define PASTE_(a, b) a##_##b
#define PASTE(a, b) PASTE_(a, b)

// The floats of a line of the caches.
enum { lineFloats = 16 };

typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));

// A chain of sums begins anew where it would be longer, so that what is packed stays in the nearest caches. It is part
// of the result, and so the same for every instruction set.
enum { blockDepth = LOCKSTEP_PRODUCT_CHAIN };

/// What a tile of a product is computed from, and where it goes.
typedef struct {
    float *out;
    ptrdiff_t strideOut;
    const float *a;
    ptrdiff_t strideA;
    /// Where the factor begins that the next tile reads.
    const float *nextA;
    const float *b;
    ptrdiff_t strideB;
    ptrdiff_t depth;
    /// The columns that count; the rest of the last vector is neither written nor added to.
    ptrdiff_t columns;
    const LockstepProductEnd *end;
    /// What is fetched for later with every line of floats of the depth: as many as a row of the tile has, at each of
    /// `fetchCount` places, which lie `fetchStride` apart, the first at `fetch`; and with the next line of floats,
    /// `fetchStep` further on.
    const float *fetch;
    ptrdiff_t fetchCount, fetchStride, fetchStep;
} Tile;

// A pointer for every third row of a tile of at most 15, so that their addresses need few registers.
enum { placeThirds = 5 };

/// Where a tile's next terms are read.
typedef struct {
    const float *a[placeThirds];
    const float *b;
    /// How far from a[0] the next tile reads.
    ptrdiff_t ahead;
} Place;

static ptrdiff_t clamped(ptrdiff_t value, ptrdiff_t largest) {
    return value < 0 ? 0 : value < largest ? value : largest;
}

/// What is done to a part of the chains of a product, of what begins at [row, column] and goes to `out`, its rows
/// `stride` apart: the first part is added to what is wanted, the others to those before, and the last is finished.
static LockstepProductEnd end_of_part(const LockstepProductEnd *wanted, const float *out, ptrdiff_t stride,
                                      ptrdiff_t row, ptrdiff_t column, bool isFirst, bool isLast) {
    LockstepProductEnd end = {.addend = out, .addendStride = stride};
    if (isFirst) {
        end.addend = wanted->addend ? wanted->addend + row * wanted->addendStride + column : NULL;
        end.addendStride = wanted->addendStride;
    }
    if (isLast) {
        end.relu = wanted->relu;
        if (wanted->bias) end.bias = wanted->bias + column;
    }
    return end;
}

typedef void TileFunction(const Tile *tile, int rows);

#define UP_TO_4(X) X(1) X(2) X(3) X(4)
#define UP_TO_6(X) UP_TO_4(X) X(5) X(6)
#define UP_TO_14(X) UP_TO_6(X) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define LANES 16
#define ROWS 14
#define TERMS 1
#define FETCHES_FACTOR 1
#define TILE_ROWS UP_TO_14
#define WAY(name) PASTE(name, avx512)
#define HAS_MASKS 1
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "product_way.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define ROWS 6
#define TERMS 4
#define FETCHES_FACTOR 0
#define TILE_ROWS UP_TO_6
#define WAY(name) PASTE(name, avx2)
#define HAS_MASKS 0
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "product_way.h"
#pragma clang attribute pop

typedef double Doubles __attribute__((vector_size(32)));
typedef int64_t Words __attribute__((vector_size(32)));
typedef float Floats __attribute__((vector_size(16), aligned(4), may_alias));

/// a * b + c, rounded once, for processors without fused multiply-add.
///
/// The product is exact in double precision. Where the sum is not, it is rounded to an odd last digit, and then rounds
/// to single precision as the exact sum would (S. Boldo, G. Melquiond, "Emulation of a FMA and correctly rounded sums",
/// 2008); its error is found by D. Knuth's TwoSum.
TILE_INLINE Floats fused(Floats a, Floats b, Floats c) {
    const Doubles product = __builtin_convertvector(a, Doubles) * __builtin_convertvector(b, Doubles);
    const Doubles addend = __builtin_convertvector(c, Doubles);
    const Doubles sum = product + addend;
    const Doubles share = sum - product;
    const Doubles error = (product - (sum - share)) + (addend - share);
    const Words isUp = (Words)(error > 0), isDown = (Words)(error < 0), isNegative = (Words)(sum < 0);
    const Words bits = (Words)sum;
    const Words isEven = (bits & 1) - 1;
    // One digit away from 0 where error and sum have the same sign, else one towards it; masks are -1.
    const Words step = ((isUp ^ isNegative) & 1) - ((isUp ^ ~isNegative) & 1);
    const Words odd = bits + (step & isEven & (isUp | isDown));
    return __builtin_convertvector((Doubles)odd, Floats);
}

#define FUSED(a, b, c) fused(a, b, c)
#else
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#endif

#define LANES 4
#define ROWS 6
#define TERMS 1
#define FETCHES_FACTOR 0
#define TILE_ROWS UP_TO_6
#define WAY(name) PASTE(name, plain)
#define HAS_MASKS 0
#include "product_way.h"

LockstepProductWay lockstep_product_way(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("popcnt"))
        return LOCKSTEP_PRODUCT_PLAIN;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw"))
        return LOCKSTEP_PRODUCT_AVX512;
    return LOCKSTEP_PRODUCT_AVX2;
#else
    return LOCKSTEP_PRODUCT_PLAIN;
#endif
}

void lockstep_transpose(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns) {
    switch (lockstep_product_way()) {
#if defined(__x86_64__)
    case LOCKSTEP_PRODUCT_AVX512: transpose_avx512(out, in, rows, columns); break;
    case LOCKSTEP_PRODUCT_AVX2: transpose_avx2(out, in, rows, columns); break;
#endif
    default: transpose_plain(out, in, rows, columns);
    }
}

static LockstepMatrix transposed(LockstepMatrix matrix) {
    LockstepMatrix result = matrix;
    result.rowStride = matrix.columnStride;
    result.columnStride = matrix.rowStride;
    return result;
}

void lockstep_product_by(LockstepProductWay way, float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b,
                         ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, LockstepTriangle triangle,
                         LockstepProductEnd end) {
    // Of the factors the smaller is better packed; but the transpose costs something to store, as measured.
    const bool isExchanged = triangle == LOCKSTEP_RECTANGLE && rows <= 32 && rows < columns && depth >= 64 && a.columnStride == 1;
    if (isExchanged) {
        const LockstepMatrix left = transposed(b);
        b = transposed(a);
        a = left;
        const ptrdiff_t swapped = rows;
        rows = columns;
        columns = swapped;
    }
    switch (way) {
#if defined(__x86_64__)
    case LOCKSTEP_PRODUCT_AVX512: multiply_avx512(c, stride, a, b, rows, columns, depth, triangle, end, isExchanged); break;
    case LOCKSTEP_PRODUCT_AVX2: multiply_avx2(c, stride, a, b, rows, columns, depth, triangle, end, isExchanged); break;
#endif
    default: multiply_plain(c, stride, a, b, rows, columns, depth, triangle, end, isExchanged);
    }
}

void lockstep_product(float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b, ptrdiff_t rows,
                      ptrdiff_t columns, ptrdiff_t depth, LockstepProductEnd end) {
    lockstep_product_by(lockstep_product_way(), c, stride, a, b, rows, columns, depth, LOCKSTEP_RECTANGLE, end);
}

void lockstep_triangular_product(float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b, ptrdiff_t rows,
                                 ptrdiff_t columns, ptrdiff_t depth, LockstepTriangle triangle,
                                 LockstepProductEnd end) {
    lockstep_product_by(lockstep_product_way(), c, stride, a, b, rows, columns, depth, triangle, end);
}

void lockstep_sparse_product_by(LockstepProductWay way, float *c, ptrdiff_t stride, const LockstepSparse *a,
                                LockstepMatrix b, ptrdiff_t columns, LockstepProductEnd end, bool isExchanged) {
    switch (way) {
#if defined(__x86_64__)
    case LOCKSTEP_PRODUCT_AVX512: multiply_sparse_avx512(c, stride, a, b, columns, end, isExchanged); break;
    case LOCKSTEP_PRODUCT_AVX2: multiply_sparse_avx2(c, stride, a, b, columns, end, isExchanged); break;
#endif
    default: multiply_sparse_plain(c, stride, a, b, columns, end, isExchanged);
    }
}

void lockstep_sparse_product(float *c, ptrdiff_t stride, const LockstepSparse *a, LockstepMatrix b, ptrdiff_t columns,
                             LockstepProductEnd end, bool isExchanged) {
    lockstep_sparse_product_by(lockstep_product_way(), c, stride, a, b, columns, end, isExchanged);
}
