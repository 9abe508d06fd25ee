// Products of matrices by tiles, for one instruction set; included once for each, with these names defined:
//
// LANES           the floats of a vector
// ROWS            the rows of a tile: as many as have room in the registers, at most 15
// TERMS           the terms of each sum that are added between two jumps. Vectors of 8 are added so fast that a core that
//                 another thread shares is busy with the instructions around them
// FETCHES_FACTOR  whether the elements that the next tile broadcasts are fetched ahead, which takes instructions too
// WAY(name)       the name of a function for this instruction set
// FUSED(a, b, c)  a * b + c in every lane, rounded once
// TILE_ROWS(X)    X(1) X(2) … X(ROWS)
// HAS_MASKS       whether a part of a vector can be read and written at once
//
// The columns of one factor are packed side by side, a panel at a time; the elements of the other are broadcast from
// where they lie.

#if HAS_MASKS
#define TILE_LANES (LANES / 2)
#define TILE_VECTORS 1
#define TILE_MASKED _mm256
#define TILE(name) WAY(half_##name)
#include "product_tile.h"
#endif

#define TILE_LANES LANES
#define TILE_VECTORS 1
#define TILE_MASKED _mm512
#define TILE(name) WAY(single_##name)
#include "product_tile.h"

#define TILE_LANES LANES
#define TILE_VECTORS 2
#define TILE_MASKED _mm512
#define TILE(name) WAY(double_##name)
#include "product_tile.h"

typedef WAY(single_Vector) WAY(Vector);

enum { WAY(panel) = 2 * LANES };

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

/// out [columns, rows] = the transpose of in [rows, columns].
static void WAY(transpose)(float *restrict out, const float *restrict in, ptrdiff_t rows, ptrdiff_t columns) {
    const ptrdiff_t eights = LANES >= 8 ? rows & ~(ptrdiff_t)7 : 0, wide = LANES >= 8 ? columns & ~(ptrdiff_t)7 : 0;
    for (ptrdiff_t j = 0; j < wide; j += 8)
        for (ptrdiff_t i = 0; i < eights; i += 8)
            WAY(transpose8)(out + j * rows + i, rows, in + i * columns + j, columns, 8);
    for (ptrdiff_t j = 0; j < columns; j++)
        for (ptrdiff_t i = j < wide ? eights : 0; i < rows; i++) out[j * rows + i] = in[i * columns + j];
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
        const int part = (int)(columns - (width - LANES));
        for (ptrdiff_t p = 0; p < depth; p++) {
            const float *from = b.values + p * b.rowStride;
            float *to = packed + p * stride;
            if (width > LANES) {
                *(WAY(Vector) *)to = *(const WAY(Vector) *)from;
                from += LANES, to += LANES;
            }
            *(WAY(Vector) *)to = WAY(single_load_part)(from, part);
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

#if HAS_MASKS
enum { WAY(half) = LANES / 2 };
#else
enum { WAY(half) = 0 };
#endif

/// The columns of the next panel, where so many are left: those of two vectors, of one, or of half a one.
static ptrdiff_t WAY(panel_width)(ptrdiff_t columns) {
    if (columns > LANES + WAY(half)) return columns < WAY(panel) ? columns : WAY(panel);
    return columns < LANES ? columns : LANES;
}

/// The tile for a panel of some columns.
static TileFunction *WAY(tile)(ptrdiff_t columns, bool byRows) {
#if HAS_MASKS
    if (columns <= WAY(half)) return byRows ? WAY(half_by_rows) : WAY(half_by_columns);
#endif
    if (columns <= LANES) return byRows ? WAY(single_by_rows) : WAY(single_by_columns);
    return byRows ? WAY(double_by_rows) : WAY(double_by_columns);
}

/// a · b with the columns of b packed; `isExchanged` if it is the transpose of the product that is wanted.
static void WAY(multiply)(float *c, ptrdiff_t stride, LockstepMatrix a, LockstepMatrix b, ptrdiff_t rows,
                          ptrdiff_t columns, ptrdiff_t depth, LockstepTriangle triangle, LockstepProductEnd wanted,
                          bool isExchanged) {
    float packed[blockDepth * WAY(panel)] __attribute__((aligned(64)));
    float partial[ROWS * WAY(panel)] __attribute__((aligned(64)));
    const LockstepProductEnd nothing = {0};
    if (rows == 0) return;
    const bool byRows = a.columnStride == 1;
    const ptrdiff_t strideA = byRows ? a.rowStride : a.columnStride;
    // Without any terms there is one block all the same, of zeros.
    const ptrdiff_t blocks = depth > 0 ? (depth + blockDepth - 1) / blockDepth : 1;
    const ptrdiff_t block = (depth + blocks - 1) / blocks;
    const ptrdiff_t tiles = (rows + ROWS - 1) / ROWS;
    // Few rows do not repay packing what lies side by side anyway.
    const bool isPacked = !(b.columnStride == 1 && rows <= 2 * ROWS && (HAS_MASKS || columns % LANES == 0));
    for (ptrdiff_t number = 0; number < blocks; number++) {
        const ptrdiff_t front = number * block, length = depth - front < block ? depth - front : block;
        const bool isLast = number + 1 == blocks;
        ptrdiff_t width;
        for (ptrdiff_t left = 0; left < columns; left += width) {
            width = WAY(panel_width)(columns - left);
            LockstepMatrix part = b;
            part.values += front * b.rowStride + left * b.columnStride;
            if (isPacked) WAY(pack)(packed, part, length, width);
            // What is packed next is fetched meanwhile, a part with every tile: some of its rows where these lie side by
            // side, else some of its columns.
            const ptrdiff_t next = isPacked && left + width < columns ? WAY(panel_width)(columns - left - width) : 0;
            const bool areRows = b.columnStride == 1;
            const ptrdiff_t places = next == 0 ? 0 : areRows ? length : next;
            const ptrdiff_t times = areRows && length > 0 ? (length + lineFloats - 1) / lineFloats : 1;
            const ptrdiff_t count = (places + tiles * times - 1) / (tiles * times);
            const ptrdiff_t placeStride = areRows ? b.rowStride : b.columnStride;
            part.values += width * b.columnStride;
            const float *const from = isPacked ? packed : b.values + front * b.rowStride + left;
            const ptrdiff_t strideB = isPacked ? WAY(panel) : b.rowStride;
            TileFunction *const function = WAY(tile)(width, byRows);
            // Of the first tile, and how far each is from the one before it.
            const ptrdiff_t row = isExchanged ? left : 0, column = isExchanged ? 0 : left;
            float *out = c + row * stride + column;
            LockstepProductEnd end = end_of_part(&wanted, out, stride, row, column, front == 0, isLast);
            const ptrdiff_t outStep = isExchanged ? ROWS : ROWS * stride;
            const ptrdiff_t addendStep = isExchanged ? ROWS : ROWS * end.addendStride;
            Tile tile = {
                .out = partial,
                .strideOut = isExchanged ? WAY(panel) : stride,
                .strideA = strideA,
                .strideB = strideB,
                .columns = width,
                .end = isExchanged ? &nothing : &end,
                .fetchStride = placeStride,
                .fetchStep = areRows ? count * placeStride : lineFloats,
            };
            ptrdiff_t place = 0;
            const float *first = a.values + front * a.columnStride;
            for (ptrdiff_t top = 0; top < rows; top += ROWS) {
                const int height = rows - top < ROWS ? (int)(rows - top) : ROWS;
                if (triangle != LOCKSTEP_LOWER_PRODUCT || left < top + height) {
                    // The part of the block that is not zeros in all rows of the tile.
                    const ptrdiff_t start = triangle == LOCKSTEP_UPPER_FACTOR ? clamped(top - front, length) : 0;
                    const ptrdiff_t stop = triangle == LOCKSTEP_LOWER_FACTOR ? clamped(top + height - front, length) : length;
                    if (!isExchanged) tile.out = out;
                    tile.a = first + start * a.columnStride;
                    tile.nextA = top + ROWS < rows ? first + ROWS * a.rowStride : a.values + front * a.columnStride;
                    tile.b = from + start * strideB;
                    tile.depth = stop - start;
                    tile.fetch = part.values + place * placeStride;
                    tile.fetchCount = place < places ? count : 0;
                    function(&tile, height);
                    if (isExchanged) WAY(store_exchanged)(out, stride, partial, height, width, &end);
                }
                place += count * times;
                first += ROWS * a.rowStride;
                out += outStep;
                if (end.addend) end.addend += addendStep;
                if (end.bias && isExchanged) end.bias += ROWS;
            }
        }
    }
}
