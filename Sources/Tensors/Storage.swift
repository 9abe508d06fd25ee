/// A run of float32 values in memory, aligned to 64 bytes when owned.
///
/// Tensors are views into a storage. The memory may be lent by somebody else and exchanged for another (`rebind`), so
/// that parameters can be read, and gradients written, where they arrived or will be sent from; therefore the pointer
/// is asked for at each use and never kept. Not thread-safe: one thread at a time writes.
public final class Storage {
    /// The first value, valid until the next `rebind`.
    public private(set) var pointer: UnsafeMutablePointer<Float>
    /// The number of values.
    public let count: Int
    private let owned: UnsafeMutableRawPointer?
    private let lender: AnyObject?

    /// Allocates zeroed memory for `count` values.
    public init(count: Int) {
        precondition(count >= 0)
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        owned = memory
        lender = nil
        pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    /// Borrows memory for `count` values, which must outlive the storage or its next `rebind`.
    ///
    /// - Parameter lender: who owns the memory; kept alive as long as the storage.
    public init(borrowing pointer: UnsafeMutablePointer<Float>, count: Int, from lender: AnyObject? = nil) {
        self.pointer = pointer
        self.count = count
        self.lender = lender
        owned = nil
    }

    deinit {
        owned?.deallocate()
    }

    /// Points a borrowing storage at other memory of the same length.
    public func rebind(to pointer: UnsafeMutablePointer<Float>) {
        precondition(owned == nil, "only borrowed memory can be exchanged")
        self.pointer = pointer
    }
}
