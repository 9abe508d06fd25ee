import Glibc

/// The heap allocations of this process, where something counts them.
///
/// A counting library that is loaded before libc (`LD_PRELOAD`) offers `uint64_t platform_allocation_count(void)`.
enum AllocationCounter {
    private static let counter: (@convention(c) () -> UInt64)? = {
        guard let symbol = dlsym(nil, "platform_allocation_count") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) () -> UInt64).self)
    }()

    /// The allocations so far; nil if nobody counts.
    static func count() -> UInt64? { counter?() }
}
