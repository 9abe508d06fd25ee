import Diagnostics
import Glibc

/// Reads whole files, or maps them.
enum FileReader {
    /// The largest file that is read.
    static let maximumByteCount = 4 << 30

    /// What tells one version of a file from another.
    struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64
        let byteCount: Int
        let seconds: Int
        let nanoseconds: Int
    }

    /// Whether there is anything under a path.
    ///
    /// - Throws: `Failure` of category data, if that cannot be found out (say, for want of permission).
    static func exists(_ path: String) throws -> Bool {
        var status = stat()
        if stat(path, &status) == 0 { return true }
        let error = SystemError.last
        if error.isMissing { return false }
        throw Failure(.data, "cannot read data file", at: path, because: error.text)
    }

    /// The identity of a file; nil if it cannot be found out.
    static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), byteCount: Int(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    /// Reads a file into memory, so that it may change or shrink later without harm.
    ///
    /// - Throws: `Failure` of category data, if it cannot be read, is empty, or is no ordinary file.
    static func read(_ path: String) throws -> DataMemory {
        try open(path) { descriptor, size in
            try DataMemory(byteCount: size) { buffer in
                var count = 0
                while count < size {
                    let step = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                    if step < 0 && errno == EINTR { continue }
                    guard step >= 0 else { throw failure(path, SystemError.last.text) }
                    guard step > 0 else { throw failure(path, "it was cut short while it was read") }
                    count += step
                }
            }
        }
    }

    /// Maps a file that nobody changes.
    ///
    /// - Throws: `Failure` of category data, if it cannot be read, is empty, or is no ordinary file.
    static func map(_ path: String) throws -> DataMemory {
        try open(path) { descriptor, size in
            guard let memory = DataMemory(mapping: descriptor, byteCount: size) else {
                throw failure(path, SystemError.last.text)
            }
            return memory
        }
    }

    private static func open(_ path: String, body: (Int32, Int) throws -> DataMemory) throws -> DataMemory {
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, SystemError.last.text) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, SystemError.last.text) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(path, "it is no ordinary file") }
        let size = Int(status.st_size)
        guard size > 0 else { throw failure(path, "the file is empty") }
        guard size <= maximumByteCount else { throw failure(path, "it is larger than 4 GiB") }
        return try body(descriptor, size)
    }

    private static func failure(_ path: String, _ cause: String) -> Failure {
        Failure(.data, "cannot read data file", at: path, because: cause)
    }
}
