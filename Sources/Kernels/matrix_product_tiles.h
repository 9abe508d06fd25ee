// Products of matrices by tiles, for one instruction set; included once for each, with these names defined:
//
// LANES           the floats of a vector
// ROWS            the rows of a tile: as many as have room in the registers, at most 15
// WAY(name)       the name of a function for this instruction set
// FUSED(a, b, c)  a * b + c in every lane, rounded once
// TILE_ROWS(X)    X(1) X(2) … X(ROWS)
//
// The columns of one factor are packed side by side, a panel at a time; the elements of the other are broadcast from
// where they lie.

typedef float WAY(Vector) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t WAY(Mask) __attribute__((vector_size(4 * LANES)));

enum { WAY(panel) = 2 * LANES };

/// A tile of a product: out[i, j] = end(sum over p of a[i, p] * packed[p, j]), for one or two vectors j.
///
/// The rows of `a` are `stride` apart and their elements side by side if `byRows`, else the other way round.
TILE_INLINE void WAY(tile)(float *out, ptrdiff_t strideOut, const float *a, ptrdiff_t stride, const float *packed,
                           ptrdiff_t stridePacked, ptrdiff_t depth, const LockstepProductEnd *end, int rows, int vectors, bool byRows) {
    WAY(Vector) sums[ROWS][2];
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = (WAY(Vector)){0};
    // A pointer for every third row, so that their addresses need few registers.
    const float *a0 = a, *a3 = a + 3 * stride, *a6 = a + 6 * stride, *a9 = a + 9 * stride, *a12 = a + 12 * stride;
    for (ptrdiff_t p = 0; p < depth; p++) {
        WAY(Vector) b[2];
        UNROLL for (int j = 0; j < vectors; j++) b[j] = *(const WAY(Vector) *)(packed + j * LANES);
        packed += stridePacked;
        UNROLL for (int i = 0; i < rows; i++) {
            const float *third = i < 3 ? a0 : i < 6 ? a3 : i < 9 ? a6 : i < 12 ? a9 : a12;
            const float element = byRows ? third[(i % 3) * stride] : a0[i];
            const WAY(Vector) factor = element - (WAY(Vector)){0};
            UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = FUSED(factor, b[j], sums[i][j]);
        }
        if (byRows) {
            a0++, a3++, a6++, a9++, a12++;
        } else {
            a0 += stride;
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < vectors; j++) {
            WAY(Vector) *place = (WAY(Vector) *)(out + i * strideOut + j * LANES);
            WAY(Vector) value = sums[i][j];
            if (end->addend)
                value = *(const WAY(Vector) *)(end->addend + i * end->addendStride + j * LANES) + value;
            if (end->bias) value = value + *(const WAY(Vector) *)(end->bias + j * LANES);
            if (end->relu) value = (WAY(Vector))((WAY(Mask))value & (value > 0));
            *place = value;
        }
}

#define TILE_CASE(count)                                                                                               \
    case count:                                                                                                        \
        WAY(tile)(out, strideOut, a, stride, packed, stridePacked, depth, end, count, vectors, byRows);                              \
        break;

/// The tile with as many rows as there are, at most ROWS.
static __attribute__((noinline)) void WAY(tile_by_rows)(float *out, ptrdiff_t strideOut, const float *a,
                                                        ptrdiff_t stride, const float *packed,
                                                        ptrdiff_t stridePacked, ptrdiff_t depth,
                                                        const LockstepProductEnd *end, int rows, bool isWide) {
    const bool byRows = true;
    if (isWide) {
        enum { vectors = 2 };
        switch (rows) { TILE_ROWS(TILE_CASE) }
    } else {
        enum { vectors = 1 };
        switch (rows) { TILE_ROWS(TILE_CASE) }
    }
}

static __attribute__((noinline)) void WAY(tile_by_columns)(float *out, ptrdiff_t strideOut, const float *a,
                                                           ptrdiff_t stride, const float *packed,
                                                           ptrdiff_t stridePacked, ptrdiff_t depth,
                                                           const LockstepProductEnd *end, int rows, bool isWide) {
    const bool byRows = false;
    if (isWide) {
        enum { vectors = 2 };
        switch (rows) { TILE_ROWS(TILE_CASE) }
    } else {
        enum { vectors = 1 };
        switch (rows) { TILE_ROWS(TILE_CASE) }
    }
}

/// Eight rows of eight numbers with rows and columns exchanged; rows from `count` on are taken for zeros.
TILE_INLINE void WAY(transpose8)(float *out, ptrdiff_t strideOut, const float *in, ptrdiff_t strideIn,
                                 ptrdiff_t count) {
    Eight r[8], s[8];
    UNROLL for (int i = 0; i < 8; i++) r[i] = i < count ? *(const Eight *)(in + i * strideIn) : (Eight){0};
    UNROLL for (int i = 0; i < 8; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    UNROLL for (int i = 0; i < 8; i += 4)
        UNROLL for (int j = 0; j < 2; j++) {
            r[i + j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            r[i + j + 2] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    UNROLL for (int j = 0; j < 4; j++) {
        s[j] = __builtin_shufflevector(r[j], r[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        s[j + 4] = __builtin_shufflevector(r[j], r[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    UNROLL for (int i = 0; i < 8; i++) *(Eight *)(out + i * strideOut) = s[i];
}

/// Packs columns of b side by side, at most a panel, and zeros behind them up to a whole vector; `stride` between rows.
TILE_INLINE void WAY(pack_strided)(float *restrict packed, ptrdiff_t stride, LockstepMatrix b, ptrdiff_t depth,
                                   ptrdiff_t columns) {
    const ptrdiff_t width = columns <= LANES ? LANES : WAY(panel);
    if (b.columnStride == 1 && columns == width) {
        for (ptrdiff_t p = 0; p < depth; p++) {
            const float *from = b.values + p * b.rowStride;
            float *to = packed + p * stride;
            *(WAY(Vector) *)to = *(const WAY(Vector) *)from;
            if (width > LANES) *(WAY(Vector) *)(to + LANES) = *(const WAY(Vector) *)(from + LANES);
        }
    } else if (b.rowStride == 1 && depth >= 8 && LANES >= 8) {
        for (ptrdiff_t j = 0; j < width; j += 8)
            for (ptrdiff_t p = 0; p < depth; p += 8) {
                // The last eight overlap those before them where they are not a whole eight.
                const ptrdiff_t from = p + 8 <= depth ? p : depth - 8;
                const float *in = b.values + j * b.columnStride + from;
                if (j + 8 <= columns) {
                    WAY(transpose8)(packed + from * stride + j, stride, in, b.columnStride, 8);
                } else {
                    WAY(transpose8)(packed + from * stride + j, stride, in, b.columnStride, columns - j);
                }
            }
    } else if (b.columnStride == 1) {
        for (ptrdiff_t p = 0; p < depth; p++) {
            const float *from = b.values + p * b.rowStride;
            float *to = packed + p * stride;
            memset(to, 0, (size_t)width * sizeof(float));
            // Pieces of known lengths, which need no loops.
            COPY_PIECE(16)
            COPY_PIECE(8)
            COPY_PIECE(4)
            COPY_PIECE(2)
            COPY_PIECE(1)
        }
    } else {
        for (ptrdiff_t p = 0; p < depth; p++)
            for (ptrdiff_t j = 0; j < width; j++)
                packed[p * stride + j] = j < columns ? b.values[p * b.rowStride + j * b.columnStride] : 0;
    }
}

static void WAY(pack)(float *restrict packed, LockstepMatrix b, ptrdiff_t depth, ptrdiff_t columns) {
    WAY(pack_strided)(packed, WAY(panel), b, depth, columns);
}

/// Stores a tile [rows, panel] of which `columns` columns count.
static void WAY(store)(float *c, ptrdiff_t stride, const float *tile, ptrdiff_t rows, ptrdiff_t columns,
                       const LockstepProductEnd *end) {
    for (ptrdiff_t i = 0; i < rows; i++)
        for (ptrdiff_t j = 0; j < columns; j++) {
            float value = tile[i * WAY(panel) + j];
            if (end->addend) value = end->addend[i * end->addendStride + j] + value;
            if (end->bias) value = value + end->bias[j];
            if (end->relu) value = value > 0 ? value : 0;
            c[i * stride + j] = value;
        }
}

/// Stores a tile [rows, panel] of which `columns` columns count, with rows and columns exchanged.
static void WAY(store_exchanged)(float *c, ptrdiff_t stride, const float *tile, ptrdiff_t rows, ptrdiff_t columns,
                                 const LockstepProductEnd *end) {
    float exchanged[WAY(panel) * WAY(panel)] __attribute__((aligned(64)));
    const ptrdiff_t eights = LANES >= 8 ? rows & ~7 : 0;
    if (!end->addend && !end->bias && !end->relu && columns % 8 == 0) {
        // Nothing happens on the way.
        for (ptrdiff_t i = 0; i < eights; i += 8)
            for (ptrdiff_t j = 0; j < columns; j += 8)
                WAY(transpose8)(c + j * stride + i, stride, tile + i * WAY(panel) + j, WAY(panel), 8);
        for (ptrdiff_t i = eights; i < rows; i++)
            for (ptrdiff_t j = 0; j < columns; j++) c[j * stride + i] = tile[i * WAY(panel) + j];
        return;
    }
    for (ptrdiff_t i = 0; i < eights; i += 8)
        for (ptrdiff_t j = 0; j < columns; j += 8)
            WAY(transpose8)(exchanged + j * WAY(panel) + i, WAY(panel), tile + i * WAY(panel) + j, WAY(panel), 8);
    for (ptrdiff_t i = eights; i < rows; i++)
        for (ptrdiff_t j = 0; j < columns; j++) exchanged[j * WAY(panel) + i] = tile[i * WAY(panel) + j];
    WAY(store)(c, stride, exchanged, columns, rows, end);
}

/// a · b with the columns of b packed; `isExchanged` if it is the transpose of the product that is wanted.
static void WAY(multiply)(float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b, ptrdiff_t rows,
                          ptrdiff_t columns, ptrdiff_t depth, LockstepProductEnd wanted, bool isExchanged) {
    float packed[blockDepth * WAY(panel)] __attribute__((aligned(64)));
    float partial[ROWS * WAY(panel)] __attribute__((aligned(64)));
    const LockstepProductEnd nothing = {0};
    if (depth == 0) {
        // No terms: zeros, to which the end is applied.
        memset(partial, 0, sizeof partial);
        for (ptrdiff_t row = 0; row < rows; row++)
            for (ptrdiff_t left = 0; left < columns; left += WAY(panel)) {
                const ptrdiff_t width = columns - left < WAY(panel) ? columns - left : WAY(panel);
                LockstepProductEnd end = wanted;
                if (end.addend) end.addend += row * end.addendStride + left;
                if (end.bias) end.bias += left;
                WAY(store)(c + row * stride + left, stride, partial, 1, width, &end);
            }
        return;
    }
    const bool byRows = a.columnStride == 1;
    const ptrdiff_t strideA = byRows ? a.rowStride : a.columnStride;
    const ptrdiff_t blocks = (depth + blockDepth - 1) / blockDepth, block = (depth + blocks - 1) / blocks;
    for (ptrdiff_t front = 0; front < depth; front += block) {
        const ptrdiff_t length = depth - front < block ? depth - front : block;
        const bool isLast = front + length == depth;
        for (ptrdiff_t left = 0; left < columns; left += WAY(panel)) {
            const ptrdiff_t width = columns - left < WAY(panel) ? columns - left : WAY(panel);
            LockstepMatrix part = b;
            part.values += front * b.rowStride + left * b.columnStride;
            // Few rows do not repay packing whole vectors that lie side by side anyway.
            const bool isWhole = width == WAY(panel) || width == LANES;
            const bool isPacked = !(isWhole && b.columnStride == 1 && rows <= 2 * ROWS);
            if (isPacked) WAY(pack)(packed, part, length, width);
            const float *from = isPacked ? packed : part.values;
            const ptrdiff_t strideFrom = isPacked ? WAY(panel) : b.rowStride;
            for (ptrdiff_t top = 0; top < rows; top += ROWS) {
                const int height = rows - top < ROWS ? (int)(rows - top) : ROWS;
                const float *first = a.values + top * a.rowStride + front * a.columnStride;
                // Where the tile begins in the product.
                const ptrdiff_t row = isExchanged ? left : top, column = isExchanged ? top : left;
                float *out = c + row * stride + column;
                LockstepProductEnd end = {.addend = out, .addendStride = stride};
                if (front == 0) {
                    end.addend = wanted.addend ? wanted.addend + row * wanted.addendStride + column : NULL;
                    end.addendStride = wanted.addendStride;
                }
                if (isLast) {
                    end.relu = wanted.relu;
                    if (wanted.bias) end.bias = wanted.bias + column;
                }
                const bool isDirect = !isExchanged && isWhole;
                float *target = isDirect ? out : partial;
                (byRows ? WAY(tile_by_rows) : WAY(tile_by_columns))(
                    target, isDirect ? stride : WAY(panel), first, strideA, from, strideFrom, length,
                    isDirect ? &end : &nothing, height, width > LANES);
                if (isExchanged) {
                    WAY(store_exchanged)(out, stride, partial, height, width, &end);
                } else if (!isDirect) {
                    WAY(store)(out, stride, partial, height, width, &end);
                }
            }
        }
    }
}
