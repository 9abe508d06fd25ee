// A tile of a product, for one width of vectors; included once for each, with these names defined:
//
// TILE_LANES      the floats of a vector
// TILE_VECTORS    the vectors of a row of the tile, 1 or 2
// TILE_MASKED     the prefix of the intrinsics for vectors of this width, where there are any that take masks
// TILE(name)      the name of a function for this width
//
// and those of `matrix_product_tiles.h`.

typedef float TILE(Vector) __attribute__((vector_size(4 * TILE_LANES), aligned(4), may_alias));
typedef int32_t TILE(Mask) __attribute__((vector_size(4 * TILE_LANES)));

#if HAS_MASKS
/// The first floats of a vector, and zeros behind them; no more are read.
TILE_INLINE TILE(Vector) TILE(load_part)(const float *place, int count) {
    return (TILE(Vector))PASTE(TILE_MASKED, maskz_loadu_ps)((uint16_t)((1u << count) - 1), place);
}

/// Writes the first floats of a vector.
TILE_INLINE void TILE(store_part)(float *place, TILE(Vector) value, int count) {
    PASTE(TILE_MASKED, mask_storeu_ps)(place, (uint16_t)((1u << count) - 1), value);
}
#else
static __attribute__((noinline)) TILE(Vector) TILE(load_part)(const float *place, int count) {
    TILE(Vector) result = {0};
    for (int i = 0; i < count; i++) result[i] = place[i];
    return result;
}

static __attribute__((noinline)) void TILE(store_part)(float *place, TILE(Vector) value, int count) {
    for (int i = 0; i < count; i++) place[i] = value[i];
}
#endif

/// out[i, j] = end(sum over p of a[i, p] * b[p, j]).
///
/// The rows of `a` are `strideA` apart and their elements side by side if `byRows`, else the other way round.
TILE_INLINE void TILE(tile)(const Tile *t, int rows, bool byRows) {
    enum { lanes = TILE_LANES, vectors = TILE_VECTORS };
    TILE(Vector) sums[ROWS][vectors];
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = (TILE(Vector)){0};
    const ptrdiff_t stride = t->strideA, strideB = t->strideB, depth = t->depth, strideOut = t->strideOut;
    // How many columns of the last vector count.
    const int part = (int)t->columns - (vectors - 1) * lanes;
    const float *b0 = t->b;
    // A pointer for every third row, so that their addresses need few registers.
    const float *a0 = t->a, *a3 = a0 + 3 * stride, *a6 = a0 + 6 * stride, *a9 = a0 + 9 * stride,
                *a12 = a0 + 12 * stride;
    const float *fetch = t->fetch;
    const ptrdiff_t ahead = t->nextA - t->a;
    for (ptrdiff_t front = 0; front < depth; front += lineFloats) {
        // Some of what the next tile reads and of what is packed next is fetched into the second cache meanwhile, and some
        // of where the next tile is stored: little at a time, for only so many lines can be on their way. Rows of a tile
        // begin anywhere in a line, so that two vectors may lie in three.
        if (byRows) {
            UNROLL for (int i = 0; i < rows; i++) {
                const float *third = i < 3 ? a0 : i < 6 ? a3 : i < 9 ? a6 : i < 12 ? a9 : a12;
                __builtin_prefetch(third + (i % 3) * stride + ahead, 0, 2);
            }
        }
        if (front < lineFloats / 2 * rows) {
            const float *row = t->out + (rows + front / (lineFloats / 2)) * strideOut;
            UNROLL for (int i = 0; i < 2; i++) {
                __builtin_prefetch(row + i * strideOut, 1);
                if (vectors == 2) __builtin_prefetch(row + i * strideOut + lanes, 1);
                __builtin_prefetch(row + i * strideOut + vectors * lanes - 1, 1);
            }
        }
        for (ptrdiff_t i = 0; i < t->fetchCount; i++) {
            const float *line = fetch + i * t->fetchStride;
            __builtin_prefetch(line, 0, 2);
            __builtin_prefetch(line + lineFloats, 0, 2);
            __builtin_prefetch(line + 2 * lineFloats - 1, 0, 2);
        }
        fetch += t->fetchStep;
        const ptrdiff_t length = depth - front < lineFloats ? depth - front : lineFloats;
        for (ptrdiff_t p = 0; p < length; p++) {
            TILE(Vector) b[vectors];
            UNROLL for (int j = 0; j < vectors; j++)
                b[j] = HAS_MASKS && j + 1 == vectors ? TILE(load_part)(b0 + j * lanes, part)
                                                     : *(const TILE(Vector) *)(b0 + j * lanes);
            b0 += strideB;
            if (!byRows) __builtin_prefetch(a0 + ahead + rows - 1, 0, 2);
            UNROLL for (int i = 0; i < rows; i++) {
                const float *third = i < 3 ? a0 : i < 6 ? a3 : i < 9 ? a6 : i < 12 ? a9 : a12;
                const float element = byRows ? third[(i % 3) * stride] : a0[i];
                const TILE(Vector) factor = element - (TILE(Vector)){0};
                UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = FUSED(factor, b[j], sums[i][j]);
            }
            if (byRows) {
                a0++, a3++, a6++, a9++, a12++;
            } else {
                a0 += stride;
            }
        }
    }
    const LockstepProductEnd end = *t->end;
    UNROLL for (int j = 0; j < vectors; j++) {
        const bool isWhole = j + 1 < vectors || (!HAS_MASKS && part == lanes);
        TILE(Vector) bias = {0};
        if (end.bias) {
            const float *from = end.bias + j * lanes;
            bias = isWhole ? *(const TILE(Vector) *)from : TILE(load_part)(from, part);
        }
        UNROLL for (int i = 0; i < rows; i++) {
            float *place = t->out + i * strideOut + j * lanes;
            TILE(Vector) value = sums[i][j];
            if (end.addend) {
                const float *from = end.addend + i * end.addendStride + j * lanes;
                value = (isWhole ? *(const TILE(Vector) *)from : TILE(load_part)(from, part)) + value;
            }
            if (end.bias) value = value + bias;
            if (end.relu) value = (TILE(Vector))((TILE(Mask))value & (value > 0));
            if (isWhole) {
                *(TILE(Vector) *)place = value;
            } else {
                TILE(store_part)(place, value, part);
            }
        }
    }
}

#define ROWS_CASE(count)                                                                                               \
    case count: TILE(tile)(t, count, true); break;
#define COLUMNS_CASE(count)                                                                                            \
    case count: TILE(tile)(t, count, false); break;

/// The tile with as many rows as there are, at most ROWS.
static __attribute__((noinline)) void TILE(by_rows)(const Tile *t, int rows) {
    switch (rows) { TILE_ROWS(ROWS_CASE) }
}

static __attribute__((noinline)) void TILE(by_columns)(const Tile *t, int rows) {
    switch (rows) { TILE_ROWS(COLUMNS_CASE) }
}

#undef ROWS_CASE
#undef COLUMNS_CASE
#undef TILE_LANES
#undef TILE_VECTORS
#undef TILE
#undef TILE_MASKED
