#include "include/tree_sum.h"
#include "clones.h"

#include <stdbool.h>

// Open sums of this many numbers lie in the first cache.
enum { tile = 512, lanes = 16 };

#define TREE_INLINE static inline __attribute__((always_inline))

TREE_INLINE void add(float *restrict out, const float *restrict left, const float *restrict right, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = left[i] + right[i];
}

TREE_INLINE void add_to(float *restrict sum, const float *restrict other, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) sum[i] += other[i];
}

/// What the sum of a tile is computed from at the end: one vector, the sum of two, or that of the sums of two twice.
typedef struct {
    const float *vectors[4];
    int count;
} Root;

/// Computes the sums of a tile, in `sums`, up to the root of the tree.
TREE_INLINE Root tile_root(float sums[][tile], const LockstepTreeLeaf *leaves, ptrdiff_t count, ptrdiff_t at,
                           ptrdiff_t n) {
    if (count == 4 && leaves[1].merges == 1 && leaves[2].merges == 0) {
        Root root = {.count = 4};
        for (int leaf = 0; leaf < 4; leaf++) root.vectors[leaf] = leaves[leaf].values + at;
        return root;
    }
    const float *open[LOCKSTEP_TREE_DEPTH];
    ptrdiff_t depth = 0;
    for (ptrdiff_t leaf = 0; leaf < count; leaf++) {
        open[depth++] = leaves[leaf].values + at;
        for (ptrdiff_t merge = 0; merge < leaves[leaf].merges; merge++) {
            depth--;
            if (leaf == count - 1 && depth == 1) return (Root){{open[0], open[1]}, 2};
            float *out = sums[depth - 1];
            if (open[depth - 1] == out) {
                add_to(out, open[depth], n);
            } else {
                add(out, open[depth - 1], open[depth], n);
            }
            open[depth - 1] = out;
        }
    }
    return (Root){{open[0]}, 1};
}

/// The sum at a place of a tile.
TREE_INLINE float root_sum(const Root *root, int count, ptrdiff_t i) {
    const float *const *v = root->vectors;
    if (count == 1) return v[0][i];
    return count == 2 ? v[0][i] + v[1][i] : (v[0][i] + v[1][i]) + (v[2][i] + v[3][i]);
}

/// Computes the sum of a tile, and adds its squares to those of the block.
TREE_INLINE void finish(float *restrict out, Root root, int count, double *restrict squares, ptrdiff_t n, bool writes) {
    ptrdiff_t base = 0;
    for (; base + lanes <= n; base += lanes) {
        float values[lanes];
        for (int lane = 0; lane < lanes; lane++) values[lane] = root_sum(&root, count, base + lane);
        if (writes)
            for (int lane = 0; lane < lanes; lane++) out[base + lane] = values[lane];
        for (int lane = 0; lane < lanes; lane++) squares[lane] += (double)values[lane] * (double)values[lane];
    }
    for (int lane = 0; base + lane < n; lane++) {
        const float value = root_sum(&root, count, base + lane);
        if (writes) out[base + lane] = value;
        squares[lane] += (double)value * (double)value;
    }
}

CLONES void lockstep_tree_sum(float *sum, double *squares, const LockstepTreeLeaf *leaves, ptrdiff_t count,
                              ptrdiff_t first, ptrdiff_t end) {
    float open[LOCKSTEP_TREE_DEPTH][tile];
    for (ptrdiff_t start = first; start < end; start += LOCKSTEP_TREE_BLOCK) {
        const ptrdiff_t stop = end - start < LOCKSTEP_TREE_BLOCK ? end : start + LOCKSTEP_TREE_BLOCK;
        double sums[lanes] = {0};
        for (ptrdiff_t at = start; at < stop; at += tile) {
            const ptrdiff_t n = stop - at < tile ? stop - at : tile;
            const Root root = tile_root(open, leaves, count, at, n);
            if (root.count == 4) {
                finish(sum + at, root, 4, sums, n, true);
            } else if (root.count == 2) {
                finish(sum + at, root, 2, sums, n, true);
            } else if (sum != NULL) {
                finish(sum + at, root, 1, sums, n, true);
            } else {
                finish(NULL, root, 1, sums, n, false);
            }
        }
        // Pairwise, half of the lanes at a time.
        for (int width = lanes / 2; width > 0; width /= 2)
            for (int lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
        squares[start / LOCKSTEP_TREE_BLOCK] = sums[0];
    }
}
