import Diagnostics
import FoundationEssentials

// The serial form of a data set is a safetensors file: the length of a JSON header in 8 bytes, little-endian, the
// header, and the arrays one after another. The same set always gives the same bytes.

extension DataSet {
    /// The length of the serial form.
    public var serialByteCount: Int {
        arrays.values.reduce(serialHeader().count) { $0 + $1.rawBytes.count }
    }

    /// The hash of the serial form; costs a pass over all data, unless the set was read from its serial form.
    public func contentHash() -> ContentHash {
        if let knownHash { return knownHash }
        var hasher = ContentHasher()
        forEachSerialPiece { hasher.update($0) }
        return hasher.finish()
    }

    /// Hands out the serial form in pieces, in order and without copying the arrays.
    public func forEachSerialPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        try serialHeader().withUnsafeBytes(body)
        for (_, array) in serialOrder where array.count > 0 {
            try body(array.rawBytes)
        }
    }

    /// Writes the serial form to a file, which appears under its name only when complete.
    ///
    /// - Returns: the content hash.
    /// - Throws: `Failure` of category data, if the file cannot be written.
    @discardableResult
    public func write(to path: String) throws -> ContentHash {
        let file = try TemporaryFile(for: path)
        var hasher = ContentHasher()
        try forEachSerialPiece {
            try file.append($0)
            hasher.update($0)
        }
        try file.publish()
        return hasher.finish()
    }

    /// Maps the serial form in a file.
    ///
    /// Costs one pass over the file for its hash; nil takes any content. The file may be removed afterwards, but must
    /// not be changed.
    ///
    /// - Parameter isVerified: whether the content is known to have the hash, which is then not computed.
    /// - Throws: `Failure` of category data that names the file, if it cannot be read, or has another hash or a header
    ///   that does not describe its data.
    public init(contentsOf path: String, expecting hash: ContentHash? = nil, isVerified: Bool = false) throws {
        let memory = try FileReader.map(path)
        if let hash, !isVerified, memory.withBytes({ ContentHash(of: $0) }) != hash {
            throw SerialForm.failure(path, "its content does not have the hash \(hash)")
        }
        self = try SerialForm(memory, path: path).dataSet(hash: hash)
    }
}

/// Reads the serial form of a data set out of memory, and believes none of its numbers.
struct SerialForm {
    private let memory: DataMemory
    private let path: String
    private let what: String
    private let dataStart: Int
    private let header: SerialHeader

    init(_ memory: DataMemory, path: String, what: String = "data set") throws {
        let size = memory.byteCount
        guard size >= 8 else { throw Self.failure(path, "it has \(size) bytes and no header", what) }
        let length = UInt64(littleEndian: memory.pointer.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(min(size - 8, SerialHeader.maximumByteCount)) else {
            throw Self.failure(path, "its header of \(length) bytes does not fit", what)
        }
        let text = Data(memory.bytes[8..<8 + Int(length)])
        guard let header = try? JSONDecoder().decode(SerialHeader.self, from: text) else {
            throw Self.failure(path, "its header is not that of a \(what)", what)
        }
        self.memory = memory
        self.path = path
        self.what = what
        self.header = header
        dataStart = 8 + Int(length)
    }

    func dataSet(hash: ContentHash?) throws -> DataSet {
        let metadata = header.metadata
        guard let source = metadata["source"], let digest = metadata["sourceSHA256"],
            let synthetic = metadata["synthetic"].flatMap(Bool.init)
        else { throw failure("its header does not name the source") }
        return DataSet(
            try arrays(), source: source, sourceSHA256: digest, isSynthetic: synthetic, knownHash: hash)
    }

    /// What the header says beside the arrays.
    var metadata: [String: String] { header.metadata }

    /// The arrays, which share the memory.
    ///
    /// - Throws: `Failure` of category data, if the header does not describe the data.
    func arrays() throws -> [String: DataArray] {
        var arrays: [String: DataArray] = [:]
        var end = 0
        for (name, entry) in header.entries.sorted(by: { $0.value.place < $1.value.place }) {
            let array = try array(name, entry)
            guard entry.start == end else { throw failure("array '\(name)' does not follow the one before it") }
            end += array.rawBytes.count
            arrays[name] = array
        }
        guard end == memory.byteCount - dataStart else {
            throw failure("it holds \(memory.byteCount - dataStart) bytes of data, its header describes \(end)")
        }
        return arrays
    }

    private func array(_ name: String, _ entry: SerialHeader.Entry) throws -> DataArray {
        guard let type = ElementType(rawValue: entry.dtype) else {
            throw failure("array '\(name)' has the unknown type \(entry.dtype)")
        }
        guard let byteCount = byteCount(ofShape: entry.shape, elementByteCount: type.byteCount) else {
            throw failure("array '\(name)' has the impossible shape \(entry.shape)")
        }
        let available = memory.byteCount - dataStart
        guard entry.dataOffsets.count == 2, entry.start >= 0, entry.start <= available,
            byteCount <= available - entry.start, entry.dataOffsets[1] == entry.start + byteCount
        else { throw failure("array '\(name)' does not lie where its header says") }
        guard (dataStart + entry.start) % type.byteCount == 0 else { throw failure("array '\(name)' is misaligned") }
        return DataArray(memory, offset: dataStart + entry.start, shape: entry.shape, elementType: type)
    }

    private func failure(_ cause: String) -> Failure { Self.failure(path, cause, what) }

    static func failure(_ path: String, _ cause: String, _ what: String = "data set") -> Failure {
        Failure(.data, "cannot read \(what)", at: path, because: cause)
    }
}

extension SerialHeader.Entry {
    fileprivate var start: Int { dataOffsets.first ?? -1 }
    // Empty arrays begin where the next one does, and come before it.
    fileprivate var place: (Int, Int) { (start, dataOffsets.last ?? -1) }
}
