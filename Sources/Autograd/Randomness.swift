import Tensors

/// The random numbers of a recorded graph: a key that is exchanged before each replay.
///
/// Every operation that draws takes a use number when it is recorded, and draws from that child of the key; so a replay
/// with the same key draws the same numbers, whatever process runs it. Not thread-safe.
public final class Randomness {
    /// The key of the coming pass.
    public var key: RandomKey
    /// Whether operations draw at all; while false, dropout passes its input on.
    public var isEnabled = true
    private var uses: UInt64 = 0

    /// Starts with a key.
    public init(key: RandomKey) {
        self.key = key
    }

    /// The next use number.
    func takeUse() -> UInt64 {
        defer { uses += 1 }
        return uses
    }
}
