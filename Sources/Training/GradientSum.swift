import Kernels
import Tensors

/// Adds the gradients of a step along the canonical tree, on all threads of a crew.
///
/// One pass over memory gives the sum and its norm. The vector is cut into blocks of a fixed length, of which each is
/// computed by itself, so that the bits do not depend on the threads. Not thread-safe.
public final class GradientSum: CrewTask {
    /// Fewer numbers are not worth waking another thread for.
    static let leastForThread = 32_768

    private let count: Int
    private let crew: any Crew
    private var sum: Storage?
    private let squares: UnsafeMutableBufferPointer<Double>
    private let leaves: UnsafeMutableBufferPointer<LockstepTreeLeaf>
    private var leafCount = 0
    private let portions: Portions

    /// Prepares for sums.
    ///
    /// - Parameters:
    ///   - count: the length of a gradient.
    ///   - crew: the threads that may take part.
    public init(count: Int, crew: any Crew = SingleThread()) {
        self.count = count
        self.crew = crew
        portions = Portions(of: count)
        squares = .allocate(capacity: Self.blocks(of: count))
        squares.initialize(repeating: 0)
        // As many as there can be shards.
        leaves = .allocate(capacity: 1 << (LOCKSTEP_TREE_DEPTH - 1))
    }

    deinit {
        squares.deallocate()
        leaves.deallocate()
    }

    /// Has a task done over the numbers of a vector, by as many threads as it is worth.
    func perform(_ task: any CrewTask) {
        crew.perform(task, threads: count / Self.leastForThread)
    }

    /// The sum that was computed last: one number for every parameter, until the next sum is computed or the memory of a
    /// contribution changes.
    public var values: UnsafePointer<Float> {
        guard let sum else { preconditionFailure("nothing was added yet") }
        return leafCount == 1 ? leaves[0].values : UnsafePointer(sum.pointer)
    }

    /// Adds the gradients of a complete reduction.
    ///
    /// Their memory is only read, and may be written again afterwards, but for that of a single contribution.
    ///
    /// - Parameters:
    ///   - sum: memory for the sum; not written if there is a single contribution, which is the sum itself.
    /// - Returns: the Euclidean norm of the sum: not finite exactly if one of its numbers is not. Squares are added in
    ///   double precision, in a fixed order.
    public func compute(_ reduction: CanonicalReduction, into sum: Storage) -> Double {
        precondition(sum.count == count, "memory of another length")
        self.sum = sum
        leafCount = 0
        reduction.forEachGradient { gradient, merges in
            precondition(gradient.count == count, "a gradient of another length")
            leaves[leafCount] = LockstepTreeLeaf(values: gradient.pointer, merges: merges)
            leafCount += 1
        }
        precondition(leafCount > 0, "a step without a gradient")
        portions.restart()
        perform(self)
        var total = 0.0
        for square in squares { total += square }
        return total.squareRoot()
    }

    /// Adds what nobody else does.
    public func perform(part: Int, of parts: Int) {
        while let portion = portions.take() {
            lockstep_tree_sum(
                leafCount == 1 ? nil : sum?.pointer, squares.baseAddress, leaves.baseAddress, leafCount,
                portion.lowerBound, portion.upperBound)
        }
    }

    private static func blocks(of count: Int) -> Int {
        let length = LOCKSTEP_TREE_BLOCK
        return (count + length - 1) / length
    }
}
