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

/// The next term of each sum, a[i, p] * b[p, j], and on to the term behind it.
TILE_INLINE void TILE(add_term)(TILE(Vector) sums[ROWS][TILE_VECTORS], Place *at, int rows, bool byRows,
                                ptrdiff_t strideA, ptrdiff_t strideB, int part) {
    TILE(Vector) b[TILE_VECTORS];
    UNROLL for (int j = 0; j < TILE_VECTORS; j++) {
        const float *from = at->b + j * TILE_LANES;
        b[j] = HAS_MASKS && j + 1 == TILE_VECTORS ? TILE(load_part)(from, part) : *(const TILE(Vector) *)from;
    }
    at->b += strideB;
    if (FETCHES_FACTOR && !byRows) __builtin_prefetch(at->a[0] + at->ahead + rows - 1, 0, 2);
    UNROLL for (int i = 0; i < rows; i++) {
        const float element = byRows ? at->a[i / 3][i % 3 * strideA] : at->a[0][i];
        const TILE(Vector) factor = element - (TILE(Vector)){0};
        UNROLL for (int j = 0; j < TILE_VECTORS; j++) sums[i][j] = FUSED(factor, b[j], sums[i][j]);
    }
    UNROLL for (int i = 0; i < placeThirds; i++) at->a[i] += byRows ? 1 : strideA;
}

/// Fetches the floats of a row of a tile, wherever in a line of the cache they begin.
TILE_INLINE void TILE(fetch_row)(const float *row, bool isNear) {
    UNROLL for (int j = 0; j < TILE_LANES * TILE_VECTORS + lineFloats - 1; j += lineFloats) {
        const float *line = row + (j < TILE_LANES * TILE_VECTORS ? j : TILE_LANES * TILE_VECTORS - 1);
        if (isNear) {
            __builtin_prefetch(line, 1);
        } else {
            __builtin_prefetch(line, 0, 2);
        }
    }
}

/// What happens to the sums, a step for all of them at a time, and their way to where they belong; `part` columns of the
/// last vector, or a whole one.
TILE_INLINE void TILE(finish)(const Tile *t, TILE(Vector) sums[ROWS][TILE_VECTORS], int rows, int part, bool isWhole) {
    enum { lanes = TILE_LANES, last = TILE_VECTORS - 1 };
    const LockstepProductEnd end = *t->end;
    float *const out = t->out;
    const ptrdiff_t stride = t->strideOut;
#define LOADED(from) (isWhole || j < last ? *(const TILE(Vector) *)(from) : TILE(load_part)(from, part))
    if (end.addend) {
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j <= last; j++)
                sums[i][j] = LOADED(end.addend + i * end.addendStride + j * lanes) + sums[i][j];
    }
    if (end.bias) {
        UNROLL for (int j = 0; j <= last; j++) {
            const TILE(Vector) bias = LOADED(end.bias + j * lanes);
            UNROLL for (int i = 0; i < rows; i++) sums[i][j] = sums[i][j] + bias;
        }
    }
    if (end.relu) {
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j <= last; j++)
                sums[i][j] = (TILE(Vector))((TILE(Mask))sums[i][j] & (sums[i][j] > 0));
    }
#undef LOADED
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j <= last; j++) {
            float *place = out + i * stride + j * lanes;
            if (isWhole || j < last) {
                *(TILE(Vector) *)place = sums[i][j];
            } else {
                TILE(store_part)(place, sums[i][j], part);
            }
        }
}

/// out[i, j] = end(sum over p of a[i, p] * b[p, j]).
///
/// The rows of `a` are `strideA` apart and their elements side by side if `byRows`, else the other way round.
TILE_INLINE void TILE(tile)(const Tile *t, int rows, bool byRows) {
    enum { vectors = TILE_VECTORS };
    TILE(Vector) sums[ROWS][vectors];
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = (TILE(Vector)){0};
    const ptrdiff_t stride = t->strideA, strideB = t->strideB, depth = t->depth, strideOut = t->strideOut;
    // How many columns of the last vector count.
    const int part = (int)t->columns - (vectors - 1) * TILE_LANES;
    Place at = {.b = t->b, .ahead = t->nextA - t->a};
    UNROLL for (int i = 0; i < placeThirds; i++) at.a[i] = t->a + 3 * i * stride;
    const float *fetch = t->fetch, *nextOut = t->out + rows * strideOut;
    // A constant distance takes no instructions; it is that of what is packed.
    const bool isPacked = strideB == 2 * LANES;
    for (ptrdiff_t front = 0; front < depth; front += lineFloats) {
        // Some of what the next tile reads and of what is packed next is fetched into the second cache meanwhile, and some
        // of where the next tile is stored: little at a time, for only so many lines can be on their way.
        if (FETCHES_FACTOR && byRows) {
            UNROLL for (int i = 0; i < rows; i++) __builtin_prefetch(at.a[i / 3] + i % 3 * stride + at.ahead, 0, 2);
        }
        if (front < lineFloats / 2 * rows) {
            TILE(fetch_row)(nextOut, true);
            TILE(fetch_row)(nextOut + strideOut, true);
            nextOut += 2 * strideOut;
        }
        // There is one place, or a few.
        _Pragma("clang loop unroll(disable)") for (ptrdiff_t i = 0; i < t->fetchCount; i++)
            TILE(fetch_row)(fetch + i * t->fetchStride, false);
        fetch += t->fetchStep;
        if (TERMS > 1 && isPacked && depth - front >= lineFloats) {
            _Pragma("clang loop unroll(disable)") for (int p = 0; p < lineFloats; p += TERMS)
                UNROLL for (int i = 0; i < TERMS; i++) {
                    TILE(add_term)(sums, &at, rows, byRows, stride, 2 * LANES, part);
                    // Nothing of the next term is read before, for it would take the registers of sums.
                    __asm__ volatile("" ::: "memory");
                }
        } else {
            const ptrdiff_t length = depth - front < lineFloats ? depth - front : lineFloats;
            for (ptrdiff_t p = 0; p < length; p++) TILE(add_term)(sums, &at, rows, byRows, stride, strideB, part);
        }
    }
    if (!HAS_MASKS && part == TILE_LANES) {
        TILE(finish)(t, sums, rows, part, true);
    } else {
        TILE(finish)(t, sums, rows, part, false);
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
