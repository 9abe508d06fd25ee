import Kernels
import Synchronization

/// A vector in portions, of which every thread takes the next when it is done with one.
///
/// So a thread that wakes up late costs little. Portions are whole blocks (`LOCKSTEP_TREE_BLOCK`), so that who takes
/// which does not show in the result. Thread-safe, but for `restart`.
final class Portions: Sendable {
    private static let length = 2 * Int(LOCKSTEP_TREE_BLOCK)
    private let count: Int
    private let taken = Atomic(0)

    /// The portions of a vector of `count` numbers, all of which are taken.
    init(of count: Int) {
        self.count = count
        taken.store(count, ordering: .relaxed)
    }

    /// Makes all portions free again.
    func restart() { taken.store(0, ordering: .releasing) }

    /// Takes the next portion; nil if none is left.
    func take() -> Range<Int>? {
        let start = taken.wrappingAdd(Self.length, ordering: .acquiringAndReleasing).oldValue
        return start < count ? start..<min(start + Self.length, count) : nil
    }
}
