import Tensors

/// Every example exactly once an epoch, in an order shuffled anew for each epoch; a short last batch is kept.
public struct ShuffledSampler: Sampler {
    private let count: Int
    private let batchSize: Int
    private let key: RandomKey

    /// Creates a sampler of the examples 0..<count.
    public init(count: Int, batchSize: Int, key: RandomKey) {
        precondition(count >= 0 && count <= Int(Int32.max) && batchSize > 0)
        self.count = count
        self.batchSize = batchSize
        self.key = key
    }

    /// The number of batches of every epoch.
    public var batchCount: Int { count / batchSize + (count % batchSize == 0 ? 0 : 1) }

    /// The examples of an epoch, in batches.
    public func order(epoch: Int) -> EpochOrder {
        EpochOrder(key.child("shuffle").child(UInt64(epoch)).permutation(of: count), batchSize: batchSize)
    }
}
