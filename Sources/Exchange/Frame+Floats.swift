import Diagnostics
import Messaging
import Tensors

extension Frame {
    /// The frame as float32 values, without copying where they are aligned.
    ///
    /// The frame is kept alive by the storage, and must have no other reader, since the values may be changed in place.
    ///
    /// - Throws: `Failure` if the frame does not hold exactly `count` values.
    func floats(count: Int) throws -> Storage {
        try withBytes { bytes in
            guard bytes.count == count * MemoryLayout<Float>.stride else {
                throw Failure(
                    .workers, "malformed message",
                    because: "\(bytes.count) bytes where \(count) numbers were expected")
            }
            guard let base = bytes.baseAddress, count > 0 else { return Storage(count: 0) }
            if UInt(bitPattern: base) % UInt(MemoryLayout<Float>.alignment) == 0 {
                // libzmq keeps the bytes of a message at their address for as long as the message lives.
                return Storage(
                    borrowing: UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: Float.self),
                    count: count,
                    from: self)
            }
            let copy = Storage(count: count)
            UnsafeMutableRawPointer(copy.pointer).copyMemory(from: base, byteCount: bytes.count)
            return copy
        }
    }
}

extension Storage {
    /// The values as bytes, for a message; valid while the storage lives.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: pointer, count: count * MemoryLayout<Float>.stride)
    }
}
