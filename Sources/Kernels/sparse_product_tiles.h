// Products of a sparse matrix for one instruction set; behind `matrix_product_tiles.h`, with the same names defined.
//
// The columns of the dense factor are packed side by side, a strip at a time; for each element of a row that is not 0 a
// row of the strip is added to the sums.

// As many vectors of sums as sixteen registers have room for; with more registers, more of them bring nothing.
enum { WAY(stripVectors) = LANES == 8 ? 12 : 8, WAY(strip) = WAY(stripVectors) * LANES };
// The rows of a strip that are multiplied at a time: at most 28 KiB, for the nearest cache.
enum { WAY(sparseDepth) = 7168 / WAY(strip) };

/// Adds to the sums of some rows: sums[i, j] += sum over the elements e of row i up to `end` of e * b[column of e less
/// `front`, j].
///
/// `next` holds the place of each row's next element, and moves on. The vectors j of `sums` lie in panels of two,
/// `panelStride` apart; `isFirst` if the sums begin at 0. If `out` is not null the sums are complete, and `wanted` of them
/// goes there, its rows `strideOut` apart.
TILE_INLINE void WAY(sparse_sums)(float *partial, ptrdiff_t stride, ptrdiff_t panelStride, float *out,
                                  ptrdiff_t strideOut, const LockstepSparse *a, int32_t *next, const int32_t *ends,
                                  ptrdiff_t parts, ptrdiff_t rows, const float *b, ptrdiff_t strideB, ptrdiff_t front,
                                  int32_t end, bool isFirst, const LockstepProductEnd *wanted, int vectors) {
    // A vector may be stored anywhere, as far as the compiler knows: what these are would be looked up after each.
    const float *const values = a->values;
    const int32_t *const columns = a->columns;
    const float *const base = b - front * strideB;
    const LockstepProductEnd product = out ? *wanted : (LockstepProductEnd){0};
    for (ptrdiff_t i = 0; i < rows; i++) {
        ptrdiff_t e = next[i];
        const ptrdiff_t last = ends[i * parts];
        if (!isFirst && !out && (e == last || columns[e] >= end)) continue;
        WAY(Vector) sums[WAY(stripVectors)];
        float *place = partial + i * stride;
        if (isFirst) {
            UNROLL for (int j = 0; j < vectors; j++) sums[j] = (WAY(Vector)){0};
        } else {
            UNROLL for (int j = 0; j < vectors; j++)
                sums[j] = *(const WAY(Vector) *)(place + j / 2 * panelStride + j % 2 * LANES);
        }
        for (; e < last && columns[e] < end; e++) {
            const WAY(Vector) factor = values[e] - (WAY(Vector)){0};
            const float *row = base + columns[e] * strideB;
            UNROLL for (int j = 0; j < vectors; j++)
                sums[j] = FUSED(factor, *(const WAY(Vector) *)(row + j * LANES), sums[j]);
        }
        next[i] = (int32_t)e;
        if (!out) {
            UNROLL for (int j = 0; j < vectors; j++)
                *(WAY(Vector) *)(place + j / 2 * panelStride + j % 2 * LANES) = sums[j];
            continue;
        }
        if (product.addend) {
            const float *addend = product.addend + i * product.addendStride;
            UNROLL for (int j = 0; j < vectors; j++) sums[j] = *(const WAY(Vector) *)(addend + j * LANES) + sums[j];
        }
        if (product.bias)
            UNROLL for (int j = 0; j < vectors; j++) sums[j] = sums[j] + *(const WAY(Vector) *)(product.bias + j * LANES);
        if (product.relu)
            UNROLL for (int j = 0; j < vectors; j++) sums[j] = (WAY(Vector))((WAY(single_Mask))sums[j] & (sums[j] > 0));
        UNROLL for (int j = 0; j < vectors; j++) *(WAY(Vector) *)(out + i * strideOut + j * LANES) = sums[j];
    }
}

#define SPARSE_CASE(count)                                                                                             \
    WAY(sparse_sums)(partial, stride, panelStride, isLast ? out : NULL, strideOut, a, next, starts + 1, parts, rows, b, \
                     strideB, front, end, isFirst, wanted, count)

/// Sums of a part of some rows, some columns of that at a time, so that what they are multiplied by stays near.
///
/// They are left in `partial`, or, if `out` is not null, end there.
static __attribute__((noinline)) void WAY(sparse_tile)(float *partial, ptrdiff_t stride, ptrdiff_t panelStride,
                                                       float *out, ptrdiff_t strideOut, const LockstepSparse *a,
                                                       const int32_t *starts, ptrdiff_t parts, ptrdiff_t rows,
                                                       const float *b, ptrdiff_t strideB, ptrdiff_t front,
                                                       ptrdiff_t back, const LockstepProductEnd *wanted, int vectors) {
    enum { depth = WAY(sparseDepth) };
    int32_t next[WAY(panel)];
    for (ptrdiff_t i = 0; i < rows; i++) next[i] = starts[i * parts];
    for (ptrdiff_t begin = front; begin < back || begin == front; begin += depth) {
        const bool isFirst = begin == front, isLast = begin + depth >= back;
        const int32_t end = (int32_t)(back - begin < depth ? back : begin + depth);
        switch (vectors) {
        case 1: SPARSE_CASE(1); break;
        case 2: SPARSE_CASE(2); break;
        case 4: SPARSE_CASE(4); break;
        case 8: SPARSE_CASE(8); break;
        default: SPARSE_CASE(WAY(stripVectors));
        }
    }
}

/// a · b with a sparse; `isExchanged` if the transpose of the product is wanted.
static void WAY(multiply_sparse)(float *c, ptrdiff_t stride, const LockstepSparse *a, LockstepMatrix b,
                                 ptrdiff_t columns, LockstepProductEnd wanted, bool isExchanged) {
    float packed[blockDepth * WAY(strip)] __attribute__((aligned(64)));
    enum { tileRows = WAY(panel) };
    float partial[tileRows * WAY(strip)] __attribute__((aligned(64)));
    const ptrdiff_t parts = lockstep_sparse_parts(a->width), block = (a->width + parts - 1) / parts;
    for (ptrdiff_t part = 0; part < parts; part++) {
        const ptrdiff_t front = part * block;
        const ptrdiff_t length = a->width - front < block ? a->width - front : block;
        const bool isFirst = part == 0, isLast = part + 1 == parts;
        for (ptrdiff_t left = 0; left < columns;) {
            const ptrdiff_t rest = columns - left;
            const int vectors = rest >= WAY(strip) ? WAY(stripVectors)
                                : rest >= 8 * LANES ? 8
                                : rest >= 4 * LANES ? 4
                                : rest > LANES      ? 2
                                                    : 1;
            const ptrdiff_t width = rest < vectors * LANES ? rest : vectors * LANES;
            const bool isWhole = width == vectors * LANES;
            const bool isDirect = b.columnStride == 1 && isWhole;
            LockstepMatrix strip = b;
            strip.values += front * b.rowStride + left * b.columnStride;
            const float *from = strip.values;
            ptrdiff_t strideFrom = b.rowStride;
            if (!isDirect) {
                for (ptrdiff_t begin = 0; begin < width; begin += WAY(panel)) {
                    LockstepMatrix panel = strip;
                    panel.values += begin * b.columnStride;
                    WAY(pack_strided)(packed + begin, WAY(strip), panel, length,
                                      width - begin < WAY(panel) ? width - begin : WAY(panel));
                }
                from = packed;
                strideFrom = WAY(strip);
            }
            for (ptrdiff_t top = 0; top < a->rows; top += tileRows) {
                const ptrdiff_t height = a->rows - top < tileRows ? a->rows - top : tileRows;
                if (!isExchanged && isWhole) {
                    float *out = c + top * stride + left;
                    const LockstepProductEnd end = end_of_part(&wanted, out, stride, top, left, isFirst, isLast);
                    // Sums are kept where they go, unless that would destroy what is added to them.
                    const bool isApart = end.addend == out;
                    WAY(sparse_tile)(isApart ? partial : out, isApart ? WAY(strip) : stride, WAY(panel), out, stride, a,
                                     a->starts + top * parts + part, parts, height, from, strideFrom, front,
                                     front + length, &end, vectors);
                    continue;
                }
                WAY(sparse_tile)(partial, WAY(panel), tileRows * WAY(panel), NULL, 0, a,
                                 a->starts + top * parts + part, parts, height, from, strideFrom, front,
                                 front + length, NULL, vectors);
                for (ptrdiff_t begin = 0; begin < width; begin += WAY(panel)) {
                    const ptrdiff_t size = width - begin < WAY(panel) ? width - begin : WAY(panel);
                    const float *tile = partial + begin / WAY(panel) * tileRows * WAY(panel);
                    // Where the tile begins in c.
                    const ptrdiff_t row = isExchanged ? left + begin : top, column = isExchanged ? top : left + begin;
                    float *out = c + row * stride + column;
                    const LockstepProductEnd end = end_of_part(&wanted, out, stride, row, column, isFirst, isLast);
                    (isExchanged ? WAY(store_exchanged) : WAY(store))(out, stride, tile, height, size, &end);
                }
            }
            left += width;
        }
    }
}
