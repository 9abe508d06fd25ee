#include "include/sparse_product.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

ptrdiff_t lockstep_sparse_parts(ptrdiff_t width) {
    return width == 0 ? 1 : (width + LOCKSTEP_PRODUCT_CHAIN - 1) / LOCKSTEP_PRODUCT_CHAIN;
}

/// The columns of a part, but for the last, which may have less.
static ptrdiff_t part_width(ptrdiff_t width) {
    const ptrdiff_t parts = lockstep_sparse_parts(width);
    return (width + parts - 1) / parts;
}

/// Gathers from a part of a row, and gives how many there are then.
static int32_t gather_plain(float *values, int32_t *columns, int32_t count, const float *row, ptrdiff_t begin,
                            ptrdiff_t end) {
    for (ptrdiff_t column = begin; column < end; column++) {
        // Written always, counted where it is not 0.
        values[count] = row[column];
        columns[count] = (int32_t)column;
        count += row[column] != 0;
    }
    return count;
}

#if defined(__x86_64__)

/// The same, sixteen numbers at a time; writes up to sixteen places behind the last.
__attribute__((target("avx512f"))) static int32_t gather_avx512(float *values, int32_t *columns, int32_t count,
                                                                 const float *row, ptrdiff_t begin, ptrdiff_t end) {
    __m512i places = _mm512_add_epi32(
        _mm512_set1_epi32((int32_t)begin),
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    ptrdiff_t column = begin;
    for (; column + 16 <= end; column += 16, places = _mm512_add_epi32(places, _mm512_set1_epi32(16))) {
        const __m512 numbers = _mm512_loadu_ps(row + column);
        const __mmask16 isSet = _mm512_cmp_ps_mask(numbers, _mm512_setzero_ps(), _CMP_NEQ_UQ);
        if (!isSet) continue;
        _mm512_storeu_ps(values + count, _mm512_maskz_compress_ps(isSet, numbers));
        _mm512_storeu_si512(columns + count, _mm512_maskz_compress_epi32(isSet, places));
        count += __builtin_popcount(isSet);
    }
    return gather_plain(values, columns, count, row, column, end);
}

/// The same, eight numbers at a time; writes up to four places behind the last.
__attribute__((target("avx2,popcnt"))) static int32_t gather_avx2(float *values, int32_t *columns, int32_t count,
                                                                  const float *row, ptrdiff_t begin, ptrdiff_t end) {
    // The lanes of the bits that are set, one behind the other.
    static const int32_t lanes[16][4] = {{0},    {0},    {1},    {0, 1},    {2},    {0, 2},    {1, 2},    {0, 1, 2},
                                         {3},    {0, 3}, {1, 3}, {0, 1, 3}, {2, 3}, {0, 2, 3}, {1, 2, 3}, {0, 1, 2, 3}};
    ptrdiff_t column = begin;
    for (; column + 8 <= end; column += 8) {
        const __m256 numbers = _mm256_loadu_ps(row + column);
        const int isSet = _mm256_movemask_ps(_mm256_cmp_ps(numbers, _mm256_setzero_ps(), _CMP_NEQ_UQ));
        if (!isSet) continue;
        const __m128 halves[2] = {_mm256_castps256_ps128(numbers), _mm256_extractf128_ps(numbers, 1)};
        for (int half = 0; half < 2; half++) {
            const int bits = isSet >> 4 * half & 15;
            const __m128i places = _mm_loadu_si128((const __m128i *)lanes[bits]);
            _mm_storeu_ps(values + count, _mm_permutevar_ps(halves[half], places));
            _mm_storeu_si128((__m128i *)(columns + count),
                             _mm_add_epi32(places, _mm_set1_epi32((int32_t)column + 4 * half)));
            count += __builtin_popcount((unsigned)bits);
        }
    }
    return gather_plain(values, columns, count, row, column, end);
}

#endif

typedef int32_t Gather(float *values, int32_t *columns, int32_t count, const float *row, ptrdiff_t begin,
                       ptrdiff_t end);

static Gather *gather_by(LockstepProductWay way) {
    switch (way) {
#if defined(__x86_64__)
    case LOCKSTEP_PRODUCT_AVX512: return gather_avx512;
    case LOCKSTEP_PRODUCT_AVX2: return gather_avx2;
#endif
    default: return gather_plain;
    }
}

bool lockstep_sparse_gather(LockstepSparse *to, const float *matrix, ptrdiff_t stride, ptrdiff_t limit) {
    return lockstep_sparse_gather_by(lockstep_product_way(), to, matrix, stride, limit);
}

bool lockstep_sparse_gather_by(LockstepProductWay way, LockstepSparse *to, const float *matrix, ptrdiff_t stride,
                               ptrdiff_t limit) {
    const ptrdiff_t parts = lockstep_sparse_parts(to->width), part = part_width(to->width);
    Gather *const gather = gather_by(way);
    int32_t count = 0;
    for (ptrdiff_t row = 0; row < to->rows; row++) {
        const float *from = matrix + row * stride;
        for (ptrdiff_t number = 0; number < parts; number++) {
            to->starts[row * parts + number] = count;
            const ptrdiff_t begin = number * part, end = number + 1 < parts ? begin + part : to->width;
            count = gather(to->values, to->columns, count, from, begin, end);
        }
        if (count > limit) return false;
        // The first rows show what the others will be like.
        if (count > limit / 16 + limit * (row + 1) / to->rows * 5 / 4) return false;
    }
    to->starts[to->rows * parts] = count;
    return true;
}

void lockstep_sparse_transpose(LockstepSparse *to, const LockstepSparse *from) {
    const ptrdiff_t fromParts = lockstep_sparse_parts(from->width);
    const ptrdiff_t parts = lockstep_sparse_parts(to->width), part = part_width(to->width);
    const ptrdiff_t segments = to->rows * parts;
    // Nothing overlaps, which only names of their own tell the compiler.
    const int32_t *const restrict ends = from->starts + fromParts;
    const int32_t *const restrict fromColumns = from->columns;
    const float *const restrict fromValues = from->values;
    int32_t *const restrict starts = to->starts, *const restrict columns = to->columns;
    float *const restrict values = to->values;
    memset(starts, 0, (size_t)(segments + 1) * sizeof(int32_t));
    // First how many there are of each part, then where each begins, kept one place ahead, then the elements.
    int32_t i = 0;
    for (ptrdiff_t row = 0; row < from->rows; row++) {
        int32_t *const counts = starts + row / (part ? part : 1);
        const int32_t end = ends[row * fromParts];
        for (; i < end; i++) counts[fromColumns[i] * parts]++;
    }
    int32_t sum = 0;
    for (ptrdiff_t segment = 0; segment < segments; segment++) {
        const int32_t count = starts[segment];
        starts[segment] = sum;
        sum += count;
    }
    starts[segments] = sum;
    i = 0;
    for (ptrdiff_t row = 0; row < from->rows; row++) {
        int32_t *const places = starts + row / (part ? part : 1);
        const int32_t end = ends[row * fromParts];
        for (; i < end; i++) {
            const int32_t place = places[fromColumns[i] * parts]++;
            values[place] = fromValues[i];
            columns[place] = (int32_t)row;
        }
    }
    // Each start has gone to the next one's place.
    memmove(starts + 1, starts, (size_t)segments * sizeof(int32_t));
    starts[0] = 0;
}
