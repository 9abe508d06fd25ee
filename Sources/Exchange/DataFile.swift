import Datasets
import Diagnostics
import Glibc

/// The serial form of a data set in the cache, as it is read for workers that do not have it.
public final class DataFile {
    /// The size of a piece that travels in one message, in bytes.
    static let pieceSize = 1 << 20

    /// The hash of the content.
    public let hash: ContentHash
    /// The size in bytes.
    public let byteCount: Int
    private let descriptor: Int32

    /// Stores a data set in the cache and opens its file.
    ///
    /// - Throws: `Failure(.data)` if it cannot be written or opened.
    public init(_ data: DataSet, in cache: DataSetCache) throws {
        hash = try cache.store(data)
        byteCount = data.serialByteCount
        let path = cache.url(for: hash).path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.data, "cannot read data set", at: path, because: String(cString: strerror(errno)))
        }
    }

    deinit {
        close(descriptor)
    }

    /// Reads the piece that begins at an offset.
    ///
    /// - Throws: `Failure(.data)` if the file is not what it was.
    func piece(at offset: Int) throws -> [UInt8] {
        let count = min(DataFile.pieceSize, byteCount - offset)
        precondition(offset >= 0 && count > 0)
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let read = pread(
                    descriptor, buffer.baseAddress.unsafelyUnwrapped + initialized, count - initialized,
                    off_t(offset + initialized))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else {
                    throw Failure(
                        .data, "cannot read data set", at: hash.description,
                        because: read == 0 ? "the file was cut short" : String(cString: strerror(errno)))
                }
                initialized += read
            }
        }
    }
}
