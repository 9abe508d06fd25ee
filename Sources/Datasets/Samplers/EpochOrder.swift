/// The examples of one epoch in their order, cut into batches.
public struct EpochOrder: Sendable, Equatable {
    /// The indices of the examples.
    public let examples: [Int32]
    /// Where batches begin and end: batch i holds `examples[bounds[i]..<bounds[i + 1]]`; the first bound is 0.
    public let bounds: [Int]

    /// Takes an order; bounds must ascend from 0 to the number of examples.
    public init(examples: [Int32], bounds: [Int]) {
        precondition(bounds.first == 0 && bounds.last == examples.count, "bounds do not cover the examples")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "an empty batch")
        self.examples = examples
        self.bounds = bounds
    }

    /// Cuts examples into batches of one size; the last may be shorter.
    init(_ examples: [Int32], batchSize: Int) {
        precondition(batchSize > 0, "batch size \(batchSize)")
        self.init(
            examples: examples, bounds: Array(stride(from: 0, to: examples.count, by: batchSize)) + [examples.count])
    }

    /// The number of batches; 0 if there are no examples.
    public var batchCount: Int { bounds.count - 1 }

    /// The examples of a batch.
    public subscript(batch: Int) -> ArraySlice<Int32> { examples[bounds[batch]..<bounds[batch + 1]] }
}
