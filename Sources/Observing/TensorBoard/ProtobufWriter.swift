/// Writes messages of Protocol Buffers, field by field.
///
/// Source: the Protocol Buffers documentation, "Encoding". A field whose value is the default may be left out.
struct ProtobufWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []

    /// Forgets what was written, and keeps the memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Writes a whole number (int32, int64, enum).
    mutating func add(_ field: Int, _ value: Int) {
        key(field, wireType: 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// Writes a double.
    mutating func add(_ field: Int, _ value: Double) {
        key(field, wireType: 1)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a float.
    mutating func add(_ field: Int, _ value: Float) {
        key(field, wireType: 5)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a text.
    mutating func add(_ field: Int, _ value: String) { add(field, value.utf8) }

    /// Writes bytes.
    mutating func add(_ field: Int, _ value: some Collection<UInt8>) {
        key(field, wireType: 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Writes a message within this one.
    mutating func add(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var message = ProtobufWriter()
        body(&message)
        add(field, message.bytes)
    }

    private mutating func key(_ field: Int, wireType: UInt64) { varint(UInt64(field) << 3 | wireType) }

    /// Seven bits a byte, the lowest first; the high bit says that there are more.
    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
