/// The batches of another sampler, each with its examples in order of a key.
///
/// Which examples a batch holds stays the same, and so does its loss, to rounding. Examples that begin alike become
/// neighbours, and fall into one shard, where what follows from their beginnings alone is computed once for all.
public struct SortedSampler: Sampler {
    private let base: any Sampler
    private let key: @Sendable (Int32) -> UInt64

    /// Sorts the batches of a sampler by a key of the examples; examples of one key keep their order.
    public init(_ base: any Sampler, by key: @escaping @Sendable (Int32) -> UInt64) {
        self.base = base
        self.key = key
    }

    /// The number of batches of every epoch.
    public var batchCount: Int { base.batchCount }

    /// The examples of an epoch, in batches.
    public func order(epoch: Int) -> EpochOrder {
        let order = base.order(epoch: epoch)
        var examples: [Int32] = []
        examples.reserveCapacity(order.examples.count)
        for batch in 0..<order.batchCount {
            let keyed = order[batch].map { (key: key($0), example: $0) }
            examples += keyed.sorted { $0.key < $1.key }.map(\.example)
        }
        return EpochOrder(examples: examples, bounds: order.bounds)
    }

    /// A key that sorts by the first eight of some symbols below 256; where there are fewer, those come first.
    public static func key(_ symbols: some Sequence<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        var place: UInt64 = 64
        for symbol in symbols.prefix(8) {
            place -= 8
            key |= UInt64(symbol) << place
        }
        return key
    }
}
