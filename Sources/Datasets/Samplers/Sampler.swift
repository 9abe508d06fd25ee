/// Decides which examples each batch of an epoch holds.
///
/// An order is a function of the sampler and the epoch alone, so that a resumed or repeated run sees the same batches.
public protocol Sampler: Sendable {
    /// The number of batches of every epoch.
    var batchCount: Int { get }
    /// The examples of an epoch, in batches.
    func order(epoch: Int) -> EpochOrder
}
