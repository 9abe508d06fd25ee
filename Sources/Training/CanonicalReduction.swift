import Kernels
import Tensors

/// What one shard, or a run of shards, contributes to a step: sums, never means.
public struct Partial {
    /// The sum of the loss over all terms.
    public var loss: Double
    /// The number of terms.
    public var terms: Int
    /// The number of right predictions.
    public var correct: Int
    /// The sum of the gradients; nil if the run holds no examples.
    public var gradient: Storage?

    /// Creates a contribution.
    public init(loss: Double = 0, terms: Int = 0, correct: Int = 0, gradient: Storage? = nil) {
        self.loss = loss
        self.terms = terms
        self.correct = correct
        self.gradient = gradient
    }

    /// Adds the right-hand neighbour in the tree; the gradient is summed into this one's memory.
    mutating func add(_ right: Partial) {
        loss += right.loss
        terms += right.terms
        correct += right.correct
        if let mine = gradient {
            if let other = right.gradient { lockstep_add_to(mine.pointer, other.pointer, mine.count) }
        } else {
            gradient = right.gradient
        }
    }
}

/// The sum over all shards of a step along a perfect binary tree over their indices, in float32.
///
/// Contributions of aligned runs may come in any order and any division: a node is summed when both its children are
/// there, left plus right, so the bits of the result depend on the shards only. Cost: one addition of the gradient for
/// each pair of contributions; no allocation beside the nodes.
public struct CanonicalReduction {
    private var nodes: [Partial?]
    private let shards: Int

    /// An empty reduction over a power of two of shards.
    public init(shards: Int) {
        precondition(shards > 0 && shards & (shards - 1) == 0)
        self.shards = shards
        nodes = Array(repeating: nil, count: 2 * shards)
    }

    /// Adds the contribution of an aligned run of shards, which must not have been there before.
    public mutating func insert(_ partial: Partial, run: Range<Int>) {
        let length = run.count
        precondition(
            length > 0 && length & (length - 1) == 0 && run.lowerBound % length == 0, "run \(run) is not aligned")
        // Heap order: the root is 1, the children of i are 2i and 2i + 1; a run of length l is at depth log2(S / l).
        var node = shards / length + run.lowerBound / length
        precondition(nodes[node] == nil, "run \(run) came twice")
        nodes[node] = partial
        while node > 1, nodes[node ^ 1] != nil {
            let parent = node / 2
            guard var sum = nodes[2 * parent], let right = nodes[2 * parent + 1] else { return }
            sum.add(right)
            nodes[parent] = sum
            nodes[2 * parent] = nil
            nodes[2 * parent + 1] = nil
            node = parent
        }
    }

    /// The sum over all shards, once every one of them has come.
    public var result: Partial? { nodes[1] }
}
