// The sum of gradients along a binary tree, and the squares of its numbers; see kernels.h for what holds of every kernel.
#ifndef LOCKSTEP_TREE_SUM_H
#define LOCKSTEP_TREE_SUM_H

#include <stddef.h>

enum {
    /// The numbers of a block, whose squares are added by themselves.
    LOCKSTEP_TREE_BLOCK = 4096,
    /// The most sums that may be open at a time: that of every level of a tree over 64 leaves, and a leaf.
    LOCKSTEP_TREE_DEPTH = 8,
};

/// A leaf of a tree, in the order from left to right.
typedef struct {
    /// Its numbers.
    const float *values;
    /// How often, once it is there, the last two open sums are added, the left plus the right.
    ptrdiff_t merges;
} LockstepTreeLeaf;

/// sum = the leaves, added as they say, for the numbers from `first`, a multiple of the block, to `end`; and squares[b] =
/// the sum of the squares of block b of the sum, in sixteen lanes of double precision.
///
/// Every block is computed by itself, so parts of the whole may be computed in any order and by any thread. With a single
/// leaf `sum` may be NULL, and only the squares are computed.
void lockstep_tree_sum(float *sum, double *squares, const LockstepTreeLeaf *leaves, ptrdiff_t count, ptrdiff_t first,
                       ptrdiff_t end);

#endif
