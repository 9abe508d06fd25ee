/// Writes the body of a message, little-endian, field after field.
///
/// `ByteReader` reads it back with the calls in the same order.
public struct ByteWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// Creates a writer with nothing written.
    public init() {}

    /// Writes an integer of a fixed width.
    public mutating func write<Number: FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a double, bit for bit.
    public mutating func write(_ value: Double) {
        write(value.bitPattern)
    }

    /// Writes a float, bit for bit.
    public mutating func write(_ value: Float) {
        write(value.bitPattern)
    }

    /// Writes a truth value as one byte.
    public mutating func write(_ value: Bool) {
        write(value ? UInt8(1) : 0)
    }

    /// Writes a string: the length of its UTF-8 in four bytes, then the UTF-8.
    public mutating func write(_ value: String) {
        write(Array(value.utf8))
    }

    /// Writes bytes: their number in four bytes, then the bytes.
    public mutating func write(_ value: [UInt8]) {
        writeCount(value.count)
        bytes.append(contentsOf: value)
    }

    /// Writes an array: the number of elements in four bytes, then each as the closure writes it.
    public mutating func write<Element, Problem: Error>(
        _ elements: some Collection<Element>, each write: (inout ByteWriter, Element) throws(Problem) -> Void
    ) throws(Problem) {
        writeCount(elements.count)
        for element in elements { try write(&self, element) }
    }

    /// Writes an array of floats: their number in four bytes, then their bits.
    public mutating func write(_ elements: [Float]) {
        writeCount(elements.count)
        bytes.reserveCapacity(bytes.count + 4 * elements.count)
        for element in elements { write(element) }
    }

    /// What has been written, as a frame.
    ///
    /// - Throws: `Failure` when there is no memory.
    public func frame() throws -> Frame { try Frame(copying: bytes) }

    private mutating func writeCount(_ count: Int) {
        precondition(count <= Int(UInt32.max), "a message's body holds at most 2^32 elements")
        write(UInt32(count))
    }
}
