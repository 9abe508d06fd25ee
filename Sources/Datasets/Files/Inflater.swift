import CZlib
import Diagnostics

/// Unpacks deflated bytes into memory of a size known beforehand, and never writes more.
///
/// Belongs to one thread.
struct Inflater: ~Copyable {
    /// How the deflated bytes are wrapped.
    enum Wrapping: Int32 {
        /// Not at all, as in zip archives.
        case none = -15
        /// As a gzip file, whose checksum zlib verifies.
        case gzip = 31
    }

    /// No run of deflated bytes can grow by more than this factor.
    static let maximumGrowth = 1032

    // zlib keeps a pointer to the stream in its state, so the stream must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let path: String
    private var remaining: Slice<UnsafeRawBufferPointer>
    private var hasEnded = false

    /// Prepares to unpack; `input` must outlive the inflater.
    init(_ input: UnsafeRawBufferPointer, wrapping: Wrapping, path: String) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start")
        remaining = input[...]
        self.path = path
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks the next bytes.
    ///
    /// - Returns: how many there were: as many as `target` holds, or fewer if the end was reached.
    /// - Throws: `Failure` of category data, if the input is damaged or cut short.
    mutating func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        var written = 0
        while written < target.count && !hasEnded {
            written += try step(UnsafeMutableRawBufferPointer(rebasing: target[written...]))
        }
        return written
    }

    /// Makes sure that there is nothing more to come: neither output, nor input behind the end.
    mutating func expectEnd() throws {
        var surplus: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &surplus) { try read(into: $0) }
        guard count == 0 else { throw failure("it unpacks to more bytes than declared") }
        guard remaining.isEmpty else { throw failure("there are \(remaining.count) bytes behind its end") }
    }

    private mutating func step(_ target: UnsafeMutableRawBufferPointer) throws -> Int {
        // zlib counts in 32 bits.
        let piece = UnsafeRawBufferPointer(rebasing: remaining.prefix(1 << 30))
        let capacity = min(target.count, 1 << 30)
        let start = piece.baseAddress.map { UnsafeMutableRawPointer(mutating: $0).assumingMemoryBound(to: Bytef.self) }
        stream.pointee.next_in = start
        stream.pointee.avail_in = UInt32(piece.count)
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_out = UInt32(capacity)
        let status = inflate(stream, Z_NO_FLUSH)
        remaining = remaining.dropFirst(piece.count - Int(stream.pointee.avail_in))
        let written = capacity - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: hasEnded = true
        case Z_OK where written > 0 || !remaining.isEmpty: break
        case Z_OK, Z_BUF_ERROR: throw failure("its packed data are cut short")
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)"
            throw failure("its packed data are damaged (\(reason))")
        }
        return written
    }

    private func failure(_ cause: String) -> Failure {
        Failure(.data, "cannot unpack data file", at: path, because: cause, remedy: "fetch it again")
    }
}

/// The CRC-32 of some bytes, as zip archives use it.
func crc32(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: Bytef.self), bytes.count))
}

/// The version of the zlib that this process is linked to.
public func zlibLibraryVersion() -> String { String(cString: zlibVersion()) }
