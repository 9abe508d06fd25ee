import Diagnostics
import Glibc

/// A file that is written at the end of a run, known to be writable from its start.
///
/// A regular file is replaced at once and whole, by renaming a temporary file beside it; a device or pipe is written
/// to directly.
public struct OutputFile: Sendable {
    private let path: String
    private let what: String
    private let isRegular: Bool

    /// Makes sure that the file can be written, without changing it.
    ///
    /// - Parameters:
    ///   - path: the file; a symbolic link stands for what it points to.
    ///   - what: what is kept in it, for messages: `report`.
    ///   - category: of the failure if it cannot be written.
    /// - Throws: `Failure` if it cannot be written.
    public init(_ path: String, for what: String, failingAs category: Failure.Category = .usage) throws {
        self.what = what
        var resolved = path
        if let real = realpath(path, nil) {
            resolved = String(cString: real)
            free(real)
        }
        self.path = resolved
        var status = stat()
        let exists = stat(resolved, &status) == 0
        isRegular = !exists || status.st_mode & S_IFMT == S_IFREG
        if path.isEmpty { throw failure(category, because: "the path is empty") }
        if exists, status.st_mode & S_IFMT == S_IFDIR { throw failure(category, because: "it is a folder") }
        guard !exists || access(resolved, W_OK) == 0 else { throw failure(category) }
        guard isRegular else { return }
        let temporary = temporaryPath
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(category) }
        close(descriptor)
        unlink(temporary)
    }

    /// Writes the file.
    ///
    /// - Throws: `Failure` (data) if it cannot be written after all, as on a full disk.
    public func write(_ bytes: [UInt8]) throws {
        let target = isRegular ? temporaryPath : path
        let flags = isRegular ? O_CREAT | O_EXCL : O_TRUNC
        let descriptor = open(target, O_WRONLY | O_CLOEXEC | flags, 0o666)
        guard descriptor >= 0 else { throw failure(.data) }
        do {
            defer { close(descriptor) }
            try write(bytes, to: descriptor)
            if isRegular {
                guard fsync(descriptor) == 0 else { throw failure(.data) }
                guard rename(target, path) == 0 else { throw failure(.data) }
            }
        } catch {
            if isRegular { unlink(target) }
            throw error
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress! + start, buffer.count - start)
            }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                throw failure(.data)
            }
        }
    }

    private var temporaryPath: String { "\(path).\(getpid()).part" }

    private func failure(_ category: Failure.Category, because cause: String? = nil) -> Failure {
        let cause = cause ?? String(cString: strerror(errno)).lowercased()
        return Failure(category, "cannot write \(what)", at: path, because: cause)
    }
}
