import Autograd
import Datasets
import Diagnostics
import Kernels
import NeuralNetworks
import Questions
import Tensors

/// Computes pieces of work with a model of its own: the numeric half of a worker.
///
/// It keeps recorded graphs, one for each layout of a shard, and no other state that a result could depend on. Belongs
/// to one thread.
public final class ShardRunner {
    private let model: any Model
    private let vector: ParameterVector
    private let key: RandomKey
    private var recordings: [BatchShape: Recorded] = [:]
    /// Memory for the right-hand sums of each level of the tree over a run.
    private var scratch: [Storage] = []

    /// A recorded graph, and what belongs to it.
    private struct Recorded {
        let recording: Recording
        /// What it draws from: its own, so that no number depends on which layouts were recorded before.
        let randomness: Randomness
        /// Where the gradient lies of parameters that the graph does not depend on.
        let unused: [Range<Int>]
    }

    /// Builds the model of a question over its data set.
    ///
    /// - Parameters:
    ///   - seed: keys the random numbers of the steps.
    /// - Throws: what the question throws when data or configuration do not fit.
    public init(_ question: any Question, data: DataSet, seed: UInt64) throws {
        key = RandomKey(seed: seed).child("steps")
        model = try question.makeModel(data, key: RandomKey(seed: seed).child("parameters"))
        let count = model.parameters.reduce(0) { $0 + $1.shape.count }
        // Both vectors are lent anew for each piece of work; this memory only serves recording.
        initialValues = Storage(count: count)
        vector = ParameterVector(
            model.parameters, values: Storage(borrowing: initialValues.pointer, count: count),
            gradients: Storage(borrowing: initialValues.pointer, count: count))
    }

    private let initialValues: Storage

    /// The number of parameters, counted as single numbers.
    public var parameterCount: Int { vector.count }

    /// Does a piece of work.
    ///
    /// - Parameters:
    ///   - work: the work; its examples must exist in the data set.
    ///   - parameters: `parameterCount` values.
    ///   - gradient: where the sum of the gradients is written, for work of that kind; `parameterCount` values.
    /// - Returns: the answer; its `gradient` is `gradient` if a shard held examples, else nil.
    public func run(_ work: Work, parameters: UnsafeMutablePointer<Float>, gradient: Storage?) throws -> WorkResult {
        vector.values.rebind(to: parameters)
        switch work.kind {
        case .gradient:
            guard let gradient else { preconditionFailure("work on gradients without memory for them") }
            let partial = try sum(work, 0..<work.shards.count, into: gradient, level: 0)
            return WorkResult(round: work.round, shards: work.shards, partial: partial)
        case .evaluation:
            var partial = Partial()
            for shard in 0..<work.shards.count { partial.addCounts(try evaluate(work, shard)) }
            return WorkResult(round: work.round, shards: work.shards, partial: partial)
        case .search:
            let mistake = work.examples.withUnsafeBufferPointer { model.firstMistake(work.split, $0) }
            return WorkResult(round: work.round, shards: work.shards, partial: Partial(), mistake: mistake)
        }
    }

    /// Sums a run of shards along the tree: left half plus right half.
    private func sum(_ work: Work, _ run: Range<Int>, into gradient: Storage, level: Int) throws -> Partial {
        if run.count == 1 { return try differentiate(work, run.lowerBound, into: gradient) }
        let middle = run.lowerBound + run.count / 2
        var left = try sum(work, run.lowerBound..<middle, into: gradient, level: level + 1)
        while scratch.count <= level { scratch.append(Storage(count: vector.count)) }
        // What has no examples has no gradient, and leaves its memory free.
        let place = left.gradient == nil ? gradient : scratch[level]
        let right = try sum(work, middle..<run.upperBound, into: place, level: level + 1)
        left.addCounts(right)
        if left.gradient == nil {
            left.gradient = right.gradient
        } else if right.gradient != nil {
            lockstep_add_to(gradient.pointer, place.pointer, vector.count)
        }
        return left
    }

    private func differentiate(_ work: Work, _ shard: Int, into gradient: Storage) throws -> Partial {
        try withExamples(work, shard) { examples in
            guard examples.count > 0 else { return Partial() }
            let recorded = try recorded(work.split, examples, isTraining: true)
            let recording = recorded.recording
            vector.gradients.rebind(to: gradient.pointer)
            for range in recorded.unused {
                (gradient.pointer + range.lowerBound).update(repeating: 0, count: range.count)
            }
            recorded.randomness.key = key.child(work.step).child(UInt64(work.shards.lowerBound + shard))
            recording.load(work.split, examples)
            recording.graph.forward()
            recording.graph.backward()
            return partial(recording, gradient: gradient)
        }
    }

    private func evaluate(_ work: Work, _ shard: Int) throws -> Partial {
        try withExamples(work, shard) { examples in
            guard examples.count > 0 else { return Partial() }
            let recording = try recorded(work.split, examples, isTraining: false).recording
            recording.load(work.split, examples)
            recording.graph.forward()
            return partial(recording, gradient: nil)
        }
    }

    private func partial(_ recording: Recording, gradient: Storage?) -> Partial {
        Partial(
            loss: Double(recording.graph.result.value.item), terms: recording.terms,
            correct: recording.correct?() ?? 0, gradient: gradient)
    }

    private func withExamples<Result>(
        _ work: Work, _ shard: Int, _ body: (UnsafeBufferPointer<Int32>) throws -> Result
    ) rethrows -> Result {
        let range = Int(work.bounds[shard])..<Int(work.bounds[shard + 1])
        return try work.examples.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    private func recorded(
        _ split: Split, _ examples: UnsafeBufferPointer<Int32>, isTraining: Bool
    ) throws -> Recorded {
        let shape = BatchShape(
            count: examples.count, length: model.length(of: examples[0], in: split), isTraining: isTraining)
        if let known = recordings[shape] { return known }
        let randomness = Randomness(key: key)
        let recording = try model.record(shape, randomness: randomness)
        let known = Recorded(
            recording: recording, randomness: randomness, unused: unusedRanges(recording.graph))
        recordings[shape] = known
        return known
    }

    /// Where the gradient of parameters lies that a graph does not depend on, and therefore does not write.
    private func unusedRanges(_ graph: Graph) -> [Range<Int>] {
        var offset = 0
        var unused: [Range<Int>] = []
        for parameter in model.parameters {
            let range = offset..<offset + parameter.shape.count
            if !graph.contains(leaf: parameter.variable) { unused.append(range) }
            offset = range.upperBound
        }
        return unused
    }
}
