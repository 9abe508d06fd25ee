/// Every example exactly once an epoch, always in the order of the data set; a short last batch is kept.
public struct SequentialSampler: Sampler {
    private let count: Int
    private let batchSize: Int

    /// Creates a sampler of the examples 0..<count.
    public init(count: Int, batchSize: Int) {
        precondition(count >= 0 && count <= Int(Int32.max) && batchSize > 0)
        self.count = count
        self.batchSize = batchSize
    }

    /// The number of batches of every epoch.
    public var batchCount: Int { count / batchSize + (count % batchSize == 0 ? 0 : 1) }

    /// The examples in batches, the same for every epoch.
    public func order(epoch: Int) -> EpochOrder {
        EpochOrder((0..<Int32(count)).map { $0 }, batchSize: batchSize)
    }
}
