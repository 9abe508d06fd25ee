import Autograd
import Datasets
import Kernels
import NeuralNetworks
import Questions
import Tensors

/// A model with its recorded graphs: what one thread of a worker computes shards with.
///
/// It keeps recorded graphs, one for each layout of a shard, and no other state that a result could depend on. Belongs
/// to one thread at a time.
final class ShardLane {
    private let model: any Model
    private let vector: ParameterVector
    private let key: RandomKey
    private let initialValues: Storage
    private var recordings: [BatchShape: Recorded] = [:]
    /// Memory for the right-hand sums of each level of the tree over a run.
    private var scratch: [Storage] = []
    /// Memory for the gradient of a shard, where that of the next is not added at once.
    private lazy var earlier = Storage(count: vector.count)

    /// A recorded graph, and what belongs to it.
    private struct Recorded {
        let recording: Recording
        /// What it draws from: its own, so that no number depends on which layouts were recorded before.
        let randomness: Randomness
        /// Where the gradient lies of parameters that the graph does not depend on.
        let unused: [Range<Int>]
        /// Where it lies of parameters to whose gradient that of another shard is added afterwards; nil if it is not worth
        /// while to add the others at once, since they are few.
        let addedLater: [Range<Int>]?
    }

    init(_ question: any Question, data: DataSet, seed: UInt64) throws {
        key = RandomKey(seed: seed).child("steps")
        model = try question.makeModel(data, key: RandomKey(seed: seed).child("parameters"))
        let count = model.parameters.reduce(0) { $0 + $1.shape.count }
        // Both vectors are lent anew for each piece of work; this memory only serves recording.
        initialValues = Storage(count: count)
        vector = ParameterVector(
            model.parameters, values: Storage(borrowing: initialValues.pointer, count: count),
            gradients: Storage(borrowing: initialValues.pointer, count: count))
    }

    /// The number of parameters, counted as single numbers.
    var parameterCount: Int { vector.count }

    /// Computes with other parameters from now on.
    func use(_ parameters: UnsafeMutablePointer<Float>) { vector.values.rebind(to: parameters) }

    /// The place of the first mistake among the examples of a piece of work.
    func firstMistake(_ work: Work) -> Int? {
        work.examples.withUnsafeBufferPointer { model.firstMistake(work.split, $0) }
    }

    /// Sums a run of shards, counted from the first of the work, along the tree: left half plus right half.
    func sum(_ work: Work, _ run: Range<Int>, into gradient: Storage, level: Int = 0) throws -> Partial {
        if run.count == 1 { return try differentiate(work, run.lowerBound, into: gradient) }
        let middle = run.lowerBound + run.count / 2
        var left = try sum(work, run.lowerBound..<middle, into: gradient, level: level + 1)
        if run.count == 2, left.gradient != nil, let right = try add(work, middle, to: gradient) {
            left.addCounts(right)
            return left
        }
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

    /// Evaluates one shard.
    func evaluate(_ work: Work, _ shard: Int) throws -> Partial {
        try withExamples(work, shard) { examples in
            guard examples.count > 0 else { return Partial() }
            let recording = try recorded(work.split, examples, isTraining: false).recording
            recording.load(work.split, examples)
            recording.graph.forward()
            return partial(recording, gradient: nil)
        }
    }

    private func differentiate(_ work: Work, _ shard: Int, into gradient: Storage) throws -> Partial {
        try withExamples(work, shard) { examples in
            guard examples.count > 0 else { return Partial() }
            let recorded = try recorded(work.split, examples, isTraining: true)
            differentiate(work, shard, examples, recorded, into: gradient, adding: false)
            return partial(recorded.recording, gradient: gradient)
        }
    }

    /// Adds the gradient of a shard to what is there, as it is computed; nil if that is not worth while.
    ///
    /// It gives the same bits as adding it afterwards, with less memory to read and write.
    private func add(_ work: Work, _ shard: Int, to gradient: Storage) throws -> Partial? {
        try withExamples(work, shard) { examples in
            guard examples.count > 0 else { return Partial() }
            let recorded = try recorded(work.split, examples, isTraining: true)
            guard let addedLater = recorded.addedLater else { return nil }
            for range in addedLater {
                let start = range.lowerBound
                (earlier.pointer + start).update(from: gradient.pointer + start, count: range.count)
            }
            differentiate(work, shard, examples, recorded, into: gradient, adding: true)
            for range in addedLater {
                let start = range.lowerBound
                lockstep_add_to(gradient.pointer + start, earlier.pointer + start, range.count)
            }
            return partial(recorded.recording, gradient: gradient)
        }
    }

    private func differentiate(
        _ work: Work, _ shard: Int, _ examples: UnsafeBufferPointer<Int32>, _ recorded: Recorded,
        into gradient: Storage, adding: Bool
    ) {
        let recording = recorded.recording
        vector.gradients.rebind(to: gradient.pointer)
        for range in recorded.unused {
            (gradient.pointer + range.lowerBound).update(repeating: 0, count: range.count)
        }
        recorded.randomness.key = key.child(work.step).child(UInt64(work.shards.lowerBound + shard))
        recording.load(work.split, examples)
        recording.graph.forward()
        recording.graph.backward(adding: adding)
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
            recording: recording, randomness: randomness, unused: ranges { !recording.graph.contains(leaf: $0) },
            addedLater: addedLater(recording.graph))
        recordings[shape] = known
        return known
    }

    /// Where the gradient lies of parameters that cannot be added to at once; nil if that is half of it or more.
    private func addedLater(_ graph: Graph) -> [Range<Int>]? {
        let later = ranges { !graph.canAdd(to: $0) }
        return 2 * later.reduce(0) { $0 + $1.count } < vector.count ? later : nil
    }

    /// Where the gradient lies of some parameters.
    private func ranges(_ isWanted: (Variable) -> Bool) -> [Range<Int>] {
        var offset = 0
        var wanted: [Range<Int>] = []
        for parameter in model.parameters {
            let range = offset..<offset + parameter.shape.count
            if isWanted(parameter.variable) { wanted.append(range) }
            offset = range.upperBound
        }
        return wanted
    }
}
