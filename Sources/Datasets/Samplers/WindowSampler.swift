import Tensors

/// Random windows of a text: every batch holds as many start offsets, drawn with replacement.
///
/// An epoch is a number of batches chosen freely, as windows overlap and there is no natural whole.
public struct WindowSampler: Sampler {
    /// The number of batches of every epoch; 0 if there is no window.
    public let batchCount: Int
    private let count: Int
    private let batchSize: Int
    private let key: RandomKey

    /// Creates a sampler of the start offsets 0..<count, where `count` is the text's length less the window's.
    public init(count: Int, batchSize: Int, batchesPerEpoch: Int, key: RandomKey) {
        precondition(count >= 0 && count <= Int(Int32.max) && batchSize > 0 && batchesPerEpoch >= 0)
        self.count = count
        self.batchSize = batchSize
        self.key = key
        batchCount = count == 0 ? 0 : batchesPerEpoch
    }

    /// The start offsets of an epoch, in batches.
    public func order(epoch: Int) -> EpochOrder {
        let epochKey = key.child("windows").child(UInt64(epoch))
        let offsets = (0..<batchCount * batchSize).map {
            Int32(epochKey.integer(below: count, at: UInt64($0)))
        }
        return EpochOrder(offsets, batchSize: batchSize)
    }
}
