#include "include/tree_sum.h"
#include "clones.h"

#include <string.h>

// Open sums of this many numbers lie in the first cache.
enum { tile = 512, lanes = 16 };

static inline __attribute__((always_inline)) void add(float *restrict out, const float *restrict left,
                                                      const float *restrict right, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = left[i] + right[i];
}

static inline __attribute__((always_inline)) void add_to(float *restrict sum, const float *restrict other,
                                                         ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) sum[i] += other[i];
}

// The sum of a tile; it lies where it was made, or in the leaf itself if there is but one.
static inline __attribute__((always_inline)) const float *tile_sum(float *sum, const LockstepTreeLeaf *leaves,
                                                                   ptrdiff_t count, ptrdiff_t at, ptrdiff_t n) {
    if (count == 1) {
        const float *values = leaves[0].values + at;
        if (sum == NULL) return values;
        memcpy(sum + at, values, (size_t)n * sizeof(float));
        return sum + at;
    }
    if (count == 2) {
        add(sum + at, leaves[0].values + at, leaves[1].values + at, n);
        return sum + at;
    }
    float sums[LOCKSTEP_TREE_DEPTH][tile];
    const float *open[LOCKSTEP_TREE_DEPTH];
    ptrdiff_t depth = 0;
    for (ptrdiff_t leaf = 0; leaf < count; leaf++) {
        open[depth++] = leaves[leaf].values + at;
        for (ptrdiff_t merge = 0; merge < leaves[leaf].merges; merge++) {
            depth--;
            const int isLast = leaf == count - 1 && depth == 1;
            float *out = isLast ? sum + at : sums[depth - 1];
            if (open[depth - 1] == out) {
                add_to(out, open[depth], n);
            } else {
                add(out, open[depth - 1], open[depth], n);
            }
            open[depth - 1] = out;
        }
    }
    return sum + at;
}

CLONES void lockstep_tree_sum(float *sum, double *squares, const LockstepTreeLeaf *leaves, ptrdiff_t count,
                              ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t start = first; start < end; start += LOCKSTEP_TREE_BLOCK) {
        const ptrdiff_t stop = end - start < LOCKSTEP_TREE_BLOCK ? end : start + LOCKSTEP_TREE_BLOCK;
        double sums[lanes] = {0};
        for (ptrdiff_t at = start; at < stop; at += tile) {
            const ptrdiff_t n = stop - at < tile ? stop - at : tile;
            const float *values = tile_sum(sum, leaves, count, at, n);
            ptrdiff_t base = 0;
            for (; base + lanes <= n; base += lanes)
                for (int lane = 0; lane < lanes; lane++) {
                    const double x = (double)values[base + lane];
                    sums[lane] += x * x;
                }
            for (int lane = 0; base + lane < n; lane++) {
                const double x = (double)values[base + lane];
                sums[lane] += x * x;
            }
        }
        // Pairwise, half of the lanes at a time.
        for (int width = lanes / 2; width > 0; width /= 2)
            for (int lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
        squares[start / LOCKSTEP_TREE_BLOCK] = sums[0];
    }
}
