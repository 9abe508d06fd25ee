import Diagnostics

/// A safetensors file: named arrays, texts beside them, and a checksum over everything.
///
/// The checksum is the first of the texts: the BLAKE2b-256 of the whole file with 64 zeros in its place. Other programs
/// read the file as any safetensors file.
public struct ArrayFile: Sendable {
    /// The arrays by name.
    public let arrays: [String: DataArray]
    /// The texts beside them, without the checksum.
    public let metadata: [String: String]

    private static let checksumKey = "blake2b"
    private static let opening = Array("{\"__metadata__\":{\"\(checksumKey)\":\"".utf8)
    private static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 2 * ContentHash.byteCount)
    private static let digits = 8 + opening.count..<8 + opening.count + zeros.count

    /// Creates a file in memory.
    public init(arrays: [String: DataArray], metadata: [String: String] = [:]) {
        self.arrays = arrays
        self.metadata = metadata
    }

    /// The bytes of the file; the same arrays and texts always give the same bytes.
    ///
    /// - Parameter path: where they will be written, for messages.
    /// - Throws: `Failure` of category data, if the header is longer than what is ever read.
    public func bytes(for path: String) throws -> [UInt8] {
        let texts = metadata.sorted { $0.key < $1.key }.map { (key: $0.key, text: $0.value) }
        let ordered = arrays.sorted {
            ($1.value.elementType.byteCount, $0.key) < ($0.value.elementType.byteCount, $1.key)
        }
        .map { (name: $0.key, array: $0.value) }
        let checksum = (key: Self.checksumKey, text: String(decoding: Self.zeros, as: UTF8.self))
        var bytes = SerialHeader.bytes(metadata: [checksum] + texts, arrays: ordered)
        guard bytes.count - 8 <= SerialHeader.maximumByteCount else {
            throw Failure(
                .data, "cannot write file", at: path,
                because: "its header would be longer than \(SerialHeader.maximumByteCount) bytes")
        }
        for (_, array) in ordered { bytes.append(contentsOf: array.rawBytes) }
        let hash = bytes.withUnsafeBytes { ContentHash(of: $0) }
        bytes.replaceSubrange(Self.digits, with: hash.description.utf8)
        return bytes
    }

    /// Reads the bytes of a file, and believes none of its numbers.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - path: where they were read, for messages.
    ///   - what: what is kept in it, for messages.
    ///   - needsChecksum: whether a file without a checksum is refused; a wrong one always is.
    /// - Throws: `Failure` of category data.
    public init(_ bytes: [UInt8], path: String, what: String, needsChecksum: Bool) throws {
        let isChecked = try Self.verify(bytes, path, what)
        guard isChecked || !needsChecksum else { throw SerialForm.failure(path, "it has no checksum", what) }
        let memory = bytes.withUnsafeBytes { source in
            DataMemory(byteCount: source.count) { $0.copyMemory(from: source) }
        }
        let form = try SerialForm(memory, path: path, what: what)
        arrays = try form.arrays()
        metadata = form.metadata.filter { $0.key != Self.checksumKey }
    }

    /// Reads a file.
    ///
    /// - Throws: `Failure` of category data, if it cannot be read, or as above.
    public init(contentsOf path: String, what: String, needsChecksum: Bool = false) throws {
        let bytes = try FileReader.read(path).withBytes { Array($0) }
        try self.init(bytes, path: path, what: what, needsChecksum: needsChecksum)
    }

    /// Compares the checksum.
    ///
    /// - Returns: false if there is none.
    private static func verify(_ bytes: [UInt8], _ path: String, _ what: String) throws -> Bool {
        guard bytes.count >= digits.upperBound, bytes[8..<digits.lowerBound].elementsEqual(opening) else {
            return false
        }
        var copy = bytes
        copy.replaceSubrange(digits, with: zeros)
        let hash = copy.withUnsafeBytes { ContentHash(of: $0) }
        guard bytes[digits].elementsEqual(hash.description.utf8) else {
            throw SerialForm.failure(path, "its content does not have its checksum", what)
        }
        return true
    }
}
