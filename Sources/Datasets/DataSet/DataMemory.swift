import Glibc

/// A run of bytes that nobody changes any more, aligned to 64 bytes and freed with its last owner.
///
/// It is either allocated and filled once while it is created, or a file mapped read-only.
final class DataMemory: @unchecked Sendable {
    // Unchecked, because pointers are not Sendable; it holds as the bytes never change after `init`.

    /// The first byte.
    let pointer: UnsafeRawPointer
    /// The number of bytes.
    let byteCount: Int
    private let isMapped: Bool

    /// Allocates memory and lets `fill` write all of it.
    ///
    /// Untouched pages cost nothing, so `fill` may throw early without the whole having been used.
    init(byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        precondition(byteCount >= 0)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
        do {
            try fill(UnsafeMutableRawBufferPointer(start: memory, count: byteCount))
        } catch {
            memory.deallocate()
            throw error
        }
        pointer = UnsafeRawPointer(memory)
        self.byteCount = byteCount
        isMapped = false
    }

    /// Maps the first bytes of an open file for reading; nil if the system refuses.
    ///
    /// The descriptor may be closed afterwards. `byteCount` must be above 0 and within the file.
    init?(mapping descriptor: Int32, byteCount: Int) {
        guard let memory = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            return nil
        }
        pointer = UnsafeRawPointer(memory)
        self.byteCount = byteCount
        isMapped = true
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: pointer), byteCount)
        } else {
            UnsafeMutableRawPointer(mutating: pointer).deallocate()
        }
    }

    /// Lends all bytes; the memory lives at least until `body` returns.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(bytes) }
    }

    /// All bytes, valid as long as the memory lives, which the caller must see to.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pointer, count: byteCount) }
}
