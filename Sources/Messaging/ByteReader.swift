import Diagnostics

/// Reads the body of a message, little-endian, field after field, and believes nothing.
///
/// Every read checks what is left and throws `Failure` (workers) rather than go beyond it; counts are checked before
/// memory is reserved. Valid only for as long as the bytes it was created over.
public struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Creates a reader at the first of some bytes.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The number of bytes not yet read.
    public var remaining: Int { bytes.count - offset }

    /// Reads an integer of a fixed width.
    public mutating func read<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws -> Number {
        let start = try advance(MemoryLayout<Number>.size)
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Number.self))
    }

    /// Reads a double, bit for bit.
    public mutating func readDouble() throws -> Double { Double(bitPattern: try read()) }

    /// Reads a float, bit for bit.
    public mutating func readFloat() throws -> Float { Float(bitPattern: try read()) }

    /// Reads a truth value; a byte other than 0 and 1 is refused.
    public mutating func readBool() throws -> Bool {
        switch try read(UInt8.self) {
        case 0: false
        case 1: true
        case let byte: throw Self.malformed("\(byte) is not a truth value")
        }
    }

    /// Reads a string.
    ///
    /// - Parameter maximum: bytes of UTF-8 accepted.
    public mutating func readString(maximum: Int) throws -> String {
        let count = try readCount(maximum: maximum, elementSize: 1)
        let start = try advance(count)
        guard let string = String(validating: bytes[start..<(start + count)], as: UTF8.self) else {
            throw Self.malformed("a string is not UTF-8")
        }
        return string
    }

    /// Reads bytes.
    ///
    /// - Parameter maximum: bytes accepted.
    public mutating func readBytes(maximum: Int) throws -> [UInt8] {
        let count = try readCount(maximum: maximum, elementSize: 1)
        let start = try advance(count)
        return [UInt8](bytes[start..<(start + count)])
    }

    /// Reads an array of floats.
    ///
    /// - Parameter maximum: elements accepted.
    public mutating func readFloats(maximum: Int) throws -> [Float] {
        let count = try readCount(maximum: maximum, elementSize: 4)
        var elements: [Float] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try readFloat()) }
        return elements
    }

    /// Reads an array, each element as the closure reads it.
    ///
    /// - Parameters:
    ///   - maximum: elements accepted.
    ///   - element: reads one; must read at least one byte.
    public mutating func readArray<Element>(
        maximum: Int, each element: (inout ByteReader) throws -> Element
    ) throws -> [Element] {
        let count = try readCount(maximum: maximum, elementSize: 1)
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    /// Checks that nothing is left.
    public func finish() throws {
        guard remaining == 0 else { throw Self.malformed("\(remaining) bytes are left over") }
    }

    private mutating func readCount(maximum: Int, elementSize: Int) throws -> Int {
        let count = Int(try read(UInt32.self))
        guard count <= maximum else { throw Self.malformed("it counts \(count) elements, at most \(maximum) may be") }
        guard count <= remaining / elementSize else {
            throw Self.malformed("it counts \(count) elements, and only \(remaining) bytes follow")
        }
        return count
    }

    /// Moves on by `count` bytes, and returns where they start.
    private mutating func advance(_ count: Int) throws -> Int {
        guard count <= remaining else {
            throw Self.malformed("\(count) bytes are wanted at byte \(offset) of \(bytes.count)")
        }
        defer { offset += count }
        return offset
    }

    private static func malformed(_ cause: String) -> Failure {
        Failure(.workers, "malformed message", because: cause)
    }
}

extension Frame {
    /// Reads the frame as the body of a message, to its last byte.
    ///
    /// - Parameter body: reads all fields, in the order they were written.
    /// - Throws: `Failure` when a field does not fit or bytes are left over.
    public func decode<Result>(_ body: (inout ByteReader) throws -> Result) throws -> Result {
        try withBytes { bytes in
            var reader = ByteReader(bytes)
            let result = try body(&reader)
            try reader.finish()
            return result
        }
    }
}
