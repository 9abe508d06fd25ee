#include "include/sparse_product.h"
#include <string.h>

ptrdiff_t lockstep_sparse_parts(ptrdiff_t width) {
    return width == 0 ? 1 : (width + LOCKSTEP_PRODUCT_CHAIN - 1) / LOCKSTEP_PRODUCT_CHAIN;
}

/// The columns of a part, but for the last, which may have less.
static ptrdiff_t part_width(ptrdiff_t width) {
    const ptrdiff_t parts = lockstep_sparse_parts(width);
    return (width + parts - 1) / parts;
}

typedef float Sixteen __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t SixteenMasks __attribute__((vector_size(64)));

bool lockstep_sparse_gather(LockstepSparse *to, const float *matrix, ptrdiff_t stride, ptrdiff_t limit) {
    const ptrdiff_t parts = lockstep_sparse_parts(to->width), part = part_width(to->width);
    int32_t count = 0;
    for (ptrdiff_t row = 0; row < to->rows; row++) {
        const float *from = matrix + row * stride;
        for (ptrdiff_t number = 0; number < parts; number++) {
            to->starts[row * parts + number] = count;
            const ptrdiff_t end = number + 1 < parts ? (number + 1) * part : to->width;
            ptrdiff_t column = number * part;
            while (column < end) {
                // What is empty is empty over long stretches.
                if (column + 16 <= end) {
                    const SixteenMasks isSet = *(const Sixteen *)(from + column) != 0;
                    if (!__builtin_reduce_or(isSet)) {
                        column += 16;
                        continue;
                    }
                }
                const ptrdiff_t stop = column + 16 <= end ? column + 16 : end;
                for (; column < stop; column++) {
                    // Written always, counted where it is not 0.
                    to->values[count] = from[column];
                    to->columns[count] = (int32_t)column;
                    count += from[column] != 0;
                }
            }
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
    int32_t *const starts = to->starts;
    memset(starts, 0, (size_t)(segments + 1) * sizeof(int32_t));
    const int32_t total = from->starts[from->rows * fromParts];
    // First how many there are of each part, then where each begins, kept one place ahead, then the elements.
    for (ptrdiff_t row = 0; row < from->rows; row++) {
        int32_t *const counts = starts + row / (part ? part : 1);
        for (int32_t i = from->starts[row * fromParts]; i < from->starts[(row + 1) * fromParts]; i++)
            counts[from->columns[i] * parts]++;
    }
    int32_t sum = 0;
    for (ptrdiff_t segment = 0; segment < segments; segment++) {
        const int32_t count = starts[segment];
        starts[segment] = sum;
        sum += count;
    }
    starts[segments] = total;
    for (ptrdiff_t row = 0; row < from->rows; row++) {
        int32_t *const places = starts + row / (part ? part : 1);
        for (int32_t i = from->starts[row * fromParts]; i < from->starts[(row + 1) * fromParts]; i++) {
            const int32_t place = places[from->columns[i] * parts]++;
            to->values[place] = from->values[i];
            to->columns[place] = (int32_t)row;
        }
    }
    // Each start has gone to the next one's place.
    memmove(starts + 1, starts, (size_t)segments * sizeof(int32_t));
    starts[0] = 0;
}
