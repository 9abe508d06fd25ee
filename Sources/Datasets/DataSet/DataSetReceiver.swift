import Diagnostics

/// Takes the serial form of a data set in pieces from the network, and puts it into a cache once it is verified.
///
/// Nothing appears in the cache before all bytes are there and have the hash; giving up removes what was written.
/// Belongs to one thread.
public final class DataSetReceiver {
    /// The largest serial form that is accepted.
    public static let maximumByteCount = 2 << 30

    private let cache: DataSetCache
    private let hash: ContentHash
    private let byteCount: Int
    private let file: TemporaryFile
    private var hasher = ContentHasher()
    private var received = 0

    /// Prepares to receive a set of a declared size.
    ///
    /// - Throws: `Failure` of category data, if the size is out of range or the cache cannot be written.
    public init(_ hash: ContentHash, byteCount: Int, into cache: DataSetCache) throws {
        guard byteCount > 0, byteCount <= Self.maximumByteCount else {
            throw Failure(
                .data, "cannot receive data set", because: "its size of \(byteCount) bytes is out of range",
                remedy: "at most \(Self.maximumByteCount) bytes can be sent")
        }
        self.cache = cache
        self.hash = hash
        self.byteCount = byteCount
        file = try TemporaryFile(for: cache.path(of: hash))
    }

    /// The number of bytes still to come.
    public var missingByteCount: Int { byteCount - received }

    /// Takes the next piece.
    ///
    /// - Throws: `Failure` of category data, if it exceeds the declared size or cannot be written.
    public func append(_ piece: UnsafeRawBufferPointer) throws {
        guard piece.count <= missingByteCount else { throw failure("more than \(byteCount) bytes arrived") }
        try file.append(piece)
        hasher.update(piece)
        received += piece.count
    }

    /// Ends the transfer.
    ///
    /// - Returns: the data set, which is in the cache from now on.
    /// - Throws: `Failure` of category data, if bytes are missing, or have another hash or a wrong header.
    public func finish() throws -> DataSet {
        guard missingByteCount == 0 else { throw failure("\(missingByteCount) of \(byteCount) bytes are missing") }
        guard hasher.finish() == hash else { throw failure("its content does not have the hash \(hash)") }
        try file.publish()
        cache.trim(keeping: hash)
        let path = cache.path(of: hash)
        return try SerialForm(FileReader.map(path), path: path).dataSet(hash: hash)
    }

    private func failure(_ cause: String) -> Failure { Failure(.data, "cannot receive data set", because: cause) }
}
