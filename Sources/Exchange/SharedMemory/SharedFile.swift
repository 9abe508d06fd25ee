import Diagnostics
import Glibc
import Platform

/// Memory without a name that a process may map and others may be given a descriptor of.
///
/// It grows and never shrinks, so that no access to what was mapped can fail because of another process. It is gone
/// with the last process that has it, whatever becomes of them.
final class SharedFile {
    /// The descriptor, closed with the object.
    let descriptor: Int32

    /// Creates memory of zeros.
    ///
    /// - Throws: `Failure(.workers)` if the system refuses.
    init(_ name: String, byteCount: Int) throws {
        descriptor = try Self.check(platform_create_memory(name, byteCount))
    }

    /// Takes over a descriptor that the parent handed to this process.
    ///
    /// - Throws: `Failure(.workers)` if it is not of such memory.
    init(inherited descriptor: Int32) throws {
        guard platform_memory_size(descriptor) >= 0 else {
            throw Failure(
                .workers, "cannot share memory with the coordinator",
                because: "descriptor \(descriptor) is not of memory", remedy: "let the coordinator start this worker")
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Opens the memory once more, for reading only.
    func readOnlyDescriptor() throws -> Int32 { try Self.check(platform_open_read_only(descriptor)) }

    /// Makes the memory at least as large.
    func grow(to byteCount: Int) throws { _ = try Self.check(platform_grow_memory(descriptor, byteCount)) }

    /// Maps a part, which begins at a multiple of the page size.
    ///
    /// - Throws: `Failure(.workers)` if the memory does not have it, or the system refuses.
    func map(offset: Int = 0, byteCount: Int, writable: Bool) throws -> MappedMemory {
        guard platform_memory_size(descriptor) >= offset + byteCount else {
            throw Failure(
                .workers, "cannot share memory", because: "it is smaller than \(offset + byteCount) bytes")
        }
        let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
        guard let start = mmap(nil, byteCount, protection, MAP_SHARED, descriptor, off_t(offset)), start != MAP_FAILED
        else { throw Self.failure(errno) }
        return MappedMemory(start: start, byteCount: byteCount)
    }

    private static func check(_ result: Int32) throws -> Int32 {
        guard result >= 0 else { throw failure(-result) }
        return result
    }

    private static func failure(_ code: Int32) -> Failure {
        Failure(.workers, "cannot share memory", because: String(cString: strerror(code)))
    }
}

/// A mapped part of shared memory, unmapped with the object.
final class MappedMemory {
    /// The first byte.
    let start: UnsafeMutableRawPointer
    /// The number of bytes.
    let byteCount: Int

    fileprivate init(start: UnsafeMutableRawPointer, byteCount: Int) {
        self.start = start
        self.byteCount = byteCount
    }

    deinit {
        munmap(start, byteCount)
    }
}
