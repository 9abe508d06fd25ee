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

    /// Adds loss and counts of the right-hand neighbour in the tree.
    mutating func addCounts(_ right: Partial) {
        loss += right.loss
        terms += right.terms
        correct += right.correct
    }
}

/// The sum over all shards of a step along a perfect binary tree over their indices, in float32.
///
/// Contributions of aligned runs may come in any order and any division. They are added once all are there, left plus
/// right at every node, so the bits of the result depend on the shards only; `GradientSum` adds the gradients. Nothing
/// is allocated once as many contributions were there before.
public struct CanonicalReduction {
    private struct Contribution {
        let run: Range<Int>
        let worker: WorkerID?
        var partial: Partial
    }

    /// A sum that waits for its right-hand neighbour.
    private struct OpenSum {
        let run: Range<Int>
        var partial: Partial
        var hasGradient: Bool
    }

    /// In the order of the shards.
    private var contributions: [Contribution] = []
    private var shards: Int
    private var covered = 0

    /// An empty reduction over a power of two of shards.
    public init(shards: Int) {
        self.shards = shards
        restart(shards: shards)
    }

    /// Forgets all contributions.
    mutating func restart(shards: Int) {
        precondition(shards > 0 && shards & (shards - 1) == 0)
        self.shards = shards
        covered = 0
        contributions.removeAll(keepingCapacity: true)
    }

    /// Adds the contribution of an aligned run of shards, which must not have been there before.
    ///
    /// - Parameter worker: whose memory the gradient lies in; see `keep(from:)`.
    public mutating func insert(_ partial: Partial, run: Range<Int>, from worker: WorkerID? = nil) {
        let length = run.count
        precondition(
            length > 0 && length & (length - 1) == 0 && run.lowerBound % length == 0 && run.upperBound <= shards,
            "run \(run) is not aligned")
        let place = contributions.firstIndex { $0.run.lowerBound >= run.lowerBound } ?? contributions.count
        precondition(place == 0 || contributions[place - 1].run.upperBound <= run.lowerBound, "run \(run) came twice")
        precondition(
            place == contributions.count || contributions[place].run.lowerBound >= run.upperBound,
            "run \(run) came twice")
        contributions.insert(Contribution(run: run, worker: worker, partial: partial), at: place)
        covered += length
    }

    /// Copies the gradients that a worker contributed, because its memory will be written again.
    mutating func keep(from worker: WorkerID) {
        for index in contributions.indices where contributions[index].worker == worker {
            guard let lent = contributions[index].partial.gradient else { continue }
            let copy = Storage(count: lent.count)
            copy.pointer.update(from: lent.pointer, count: lent.count)
            contributions[index] = Contribution(
                run: contributions[index].run, worker: nil,
                partial: Partial(
                    loss: contributions[index].partial.loss, terms: contributions[index].partial.terms,
                    correct: contributions[index].partial.correct, gradient: copy))
        }
    }

    /// Whether every shard has come.
    public var isComplete: Bool { covered == shards }

    /// Loss and counts over all shards, without the gradient; nil before every one of them has come.
    public var total: Partial? {
        guard isComplete else { return nil }
        var total: Partial?
        walk { _, _ in
        } finally: {
            total = $0
        }
        return total
    }

    /// Whether a contribution has a gradient.
    var hasGradient: Bool { contributions.contains { $0.partial.gradient != nil } }

    /// Calls `body` with every contribution that has a gradient, from left to right, and how many open sums are closed
    /// once it is there: the last two are added, the left plus the right, each time.
    ///
    /// Every shard must have come.
    func forEachGradient(_ body: (Storage, _ merges: Int) -> Void) {
        precondition(isComplete, "a sum of which something is missing")
        walk(body) { _ in }
    }

    /// Walks along the tree, from the left to the right and from the bottom to the top.
    private func walk(_ body: (Storage, _ merges: Int) -> Void, finally: (Partial) -> Void) {
        // One sum may be open at every level, and a leaf.
        withUnsafeTemporaryAllocation(of: OpenSum.self, capacity: LOCKSTEP_TREE_DEPTH) { open in
            var depth = 0
            var last: Storage?
            var merges = 0
            for contribution in contributions {
                var sum = OpenSum(
                    run: contribution.run, partial: contribution.partial,
                    hasGradient: contribution.partial.gradient != nil)
                sum.partial.gradient = nil
                if let gradient = contribution.partial.gradient {
                    if let last { body(last, merges) }
                    last = gradient
                    merges = 0
                }
                while depth > 0, open[depth - 1].run.count == sum.run.count,
                    open[depth - 1].run.lowerBound % (2 * sum.run.count) == 0
                {
                    depth -= 1
                    let right = sum
                    let left = open.moveElement(from: depth)
                    sum = OpenSum(
                        run: left.run.lowerBound..<right.run.upperBound, partial: left.partial,
                        hasGradient: left.hasGradient || right.hasGradient)
                    sum.partial.addCounts(right.partial)
                    if left.hasGradient, right.hasGradient { merges += 1 }
                }
                open.initializeElement(at: depth, to: sum)
                depth += 1
            }
            if let last { body(last, merges) }
            if depth == 1 { finally(open[0].partial) }
            open[..<depth].deinitialize()
        }
    }
}
