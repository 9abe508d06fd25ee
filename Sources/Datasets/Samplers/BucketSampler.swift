import Tensors

/// Every example exactly once an epoch, in batches of examples of one length, so that no batch needs padding.
///
/// Examples are shuffled within their length and batches among each other, anew for each epoch. The last batch of a
/// length may be short.
public struct BucketSampler: Sampler {
    /// The number of batches of every epoch.
    public let batchCount: Int
    private let buckets: [[Int32]]
    private let batchSize: Int
    private let key: RandomKey

    /// Creates a sampler of the examples 0..<lengths.count, of which each has a length.
    public init(lengths: [Int32], batchSize: Int, key: RandomKey) {
        precondition(lengths.count <= Int(Int32.max) && batchSize > 0)
        let groups = Dictionary(grouping: 0..<Int32(lengths.count)) { lengths[Int($0)] }
        buckets = groups.sorted { $0.key < $1.key }.map(\.value)
        batchCount = buckets.reduce(0) { $0 + ($1.count - 1) / batchSize + 1 }
        self.batchSize = batchSize
        self.key = key
    }

    /// The examples of an epoch, in batches.
    public func order(epoch: Int) -> EpochOrder {
        let epochKey = key.child("buckets").child(UInt64(epoch))
        var batches: [ArraySlice<Int32>] = []
        for (index, bucket) in buckets.enumerated() {
            let shuffled = epochKey.child(UInt64(index) + 1).permutation(of: bucket.count).map { bucket[Int($0)] }
            for start in stride(from: 0, to: shuffled.count, by: batchSize) {
                batches.append(shuffled[start..<min(start + batchSize, shuffled.count)])
            }
        }
        let order = epochKey.child(0).permutation(of: batches.count).map { batches[Int($0)] }
        return EpochOrder(
            examples: order.flatMap { $0 }, bounds: order.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
    }
}
