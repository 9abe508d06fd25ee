import Autograd
import NeuralNetworks
import Tensors

/// The layout of a batch: examples of one layout share one recorded graph.
public struct BatchShape: Hashable, Sendable {
    /// The number of examples.
    public let count: Int
    /// The length of an example where lengths differ (letters of a word); else 0.
    public let length: Int
    /// Whether the batch is learned from, so that dropout and augmentation act.
    public let isTraining: Bool

    /// Creates a layout.
    public init(count: Int, length: Int, isTraining: Bool) {
        self.count = count
        self.length = length
        self.isTraining = isTraining
    }
}

/// What a question computes with: parameters, and a graph for every layout of a batch.
///
/// A model belongs to one thread; a worker with several threads has one model a thread.
public protocol Model: AnyObject {
    /// The parameters in the order of their declaration.
    var parameters: [Parameter] { get }
    /// The length of an example where lengths differ; batches hold examples of one length.
    func length(of example: Int32, in split: Split) -> Int
    /// Records the computation of a batch.
    ///
    /// - Parameter randomness: what dropout and augmentation draw from; given a new key before every replay.
    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording
    /// The first of some examples that the perceptron of this model predicts wrong, as an index into `examples`.
    func firstMistake(_ split: Split, _ examples: UnsafeBufferPointer<Int32>) -> Int?
    /// Learns from one mistake, by the perceptron's rule.
    func learn(_ split: Split, mistake: Int32)
}

extension Model {
    /// All examples are alike.
    public func length(of example: Int32, in split: Split) -> Int { 0 }

    /// Only a model that is trained or evaluated in batches records them.
    public func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        preconditionFailure("the model is neither trained nor evaluated")
    }

    /// Only a perceptron searches for mistakes.
    public func firstMistake(_ split: Split, _ examples: UnsafeBufferPointer<Int32>) -> Int? {
        preconditionFailure("the model is no perceptron")
    }

    /// Only a perceptron learns from mistakes.
    public func learn(_ split: Split, mistake: Int32) {
        preconditionFailure("the model is no perceptron")
    }
}

/// A recorded batch: how to load examples into it, and what it computes.
public struct Recording {
    /// Computes the loss, summed over all terms of the batch, as a scalar.
    public let graph: Graph
    /// Writes examples, as many as the graph was recorded for, into its leaves.
    public let load: (Split, UnsafeBufferPointer<Int32>) -> Void
    /// Counts the right predictions after a forward pass; nil if predictions are not right or wrong.
    public let correct: (() -> Int)?
    /// The number of terms of the loss: examples, or tokens.
    public let terms: Int

    /// Creates a recording.
    public init(
        graph: Graph, terms: Int, correct: (() -> Int)? = nil,
        load: @escaping (Split, UnsafeBufferPointer<Int32>) -> Void
    ) {
        self.graph = graph
        self.load = load
        self.correct = correct
        self.terms = terms
    }
}
