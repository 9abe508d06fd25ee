import Questions
import Tensors

/// A piece of work for a worker: some shards of a round, with the examples they hold.
///
/// Its result is a function of the parameters, the examples and (seed, step, shard), and of nothing else.
public struct Work: Sendable, Equatable {
    /// What is to be done with the examples.
    public enum Kind: UInt8, Sendable {
        /// Gradient, loss and right predictions, summed over the shards.
        case gradient = 1
        /// Loss and right predictions.
        case evaluation = 2
        /// The first mistake of the perceptron.
        case search = 3
    }

    /// What is to be done.
    public let kind: Kind
    /// The round the work belongs to; rounds are numbered from 1 within a session.
    public let round: UInt64
    /// The generation of the parameters to use.
    public let generation: UInt64
    /// The step, which keys the random numbers.
    public let step: UInt64
    /// The part of the data set the examples are from.
    public let split: Split
    /// The shards (or the chunk of an evaluation), an aligned run.
    public let shards: Range<Int>
    /// Where each shard's examples begin and end in `examples`: one more number than there are shards.
    public let bounds: [Int32]
    /// The examples of all shards, one shard behind another; its indices need not begin at 0.
    public let examples: ArraySlice<Int32>

    /// Creates a piece of work.
    public init(
        kind: Kind, round: UInt64, generation: UInt64, step: UInt64, split: Split, shards: Range<Int>, bounds: [Int32],
        examples: ArraySlice<Int32>
    ) {
        self.kind = kind
        self.round = round
        self.generation = generation
        self.step = step
        self.split = split
        self.shards = shards
        self.bounds = bounds
        self.examples = examples
    }

    /// The example at a place, counted from the first.
    func example(_ place: Int) -> Int32 { examples[examples.startIndex + place] }
}

/// What a worker found: the answer to a piece of work.
public struct WorkResult {
    /// The round of the work.
    public let round: UInt64
    /// The shards of the work.
    public let shards: Range<Int>
    /// The sums over the shards; with a gradient for work of that kind, unless the shards are empty.
    ///
    /// The memory of the gradient stays as it is until the worker is given more work, or is lost: work that it has
    /// already is computed elsewhere.
    public var partial: Partial
    /// The place of the first mistake among the work's examples, counted from 0; nil if there is none.
    public let mistake: Int?
    /// The time the worker computed, in seconds.
    public let computeSeconds: Double

    /// Creates an answer.
    public init(round: UInt64, shards: Range<Int>, partial: Partial, mistake: Int? = nil, computeSeconds: Double = 0) {
        self.round = round
        self.shards = shards
        self.partial = partial
        self.mistake = mistake
        self.computeSeconds = computeSeconds
    }
}
