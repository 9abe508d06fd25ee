/// Reads numbers out of bytes one after another, and never beyond their end.
struct ByteCursor {
    private let bytes: UnsafeRawBufferPointer
    /// The offset of the next byte.
    private(set) var offset: Int

    /// Starts at an offset; the bytes must outlive the cursor.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        self.bytes = bytes
        self.offset = max(0, min(offset, bytes.count))
    }

    /// The number of bytes that are left.
    var remainingCount: Int { bytes.count - offset }

    /// The next number, least significant byte first; nil at the end.
    mutating func little<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        guard remainingCount >= MemoryLayout<Number>.size else { return nil }
        defer { offset += MemoryLayout<Number>.size }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// The next number, most significant byte first; nil at the end.
    mutating func big<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        little(type)?.byteSwapped
    }

    /// The next `count` bytes; nil if there are fewer.
    mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= remainingCount else { return nil }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// Passes over bytes; nil if there are fewer.
    mutating func skip(_ count: Int) -> Void? {
        take(count).map { _ in }
    }
}
