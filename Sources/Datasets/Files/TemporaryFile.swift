import Diagnostics
import Glibc

/// A file that is written under a name of its own and takes the wanted name only when it is complete.
///
/// It is readable by its owner only. If it is given up before `publish`, it is removed. Belongs to one thread.
final class TemporaryFile {
    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32

    /// Creates an empty file beside the wanted one.
    init(for path: String) throws {
        self.path = path
        temporaryPath = "\(path).partial-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, SystemError.last) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(temporaryPath)
        }
    }

    /// Writes the next bytes.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(descriptor >= 0, "the file is already published")
        var rest = bytes[...]
        while !rest.isEmpty {
            let step = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress!, rest.count)
            if step < 0 && errno == EINTR { continue }
            guard step >= 0 else { throw Self.failure(path, SystemError.last) }
            rest = rest.dropFirst(step)
        }
    }

    /// Gives the file its name, in place of a file that had it before.
    func publish() throws {
        precondition(descriptor >= 0, "the file is already published")
        guard rename(temporaryPath, path) == 0 else { throw Self.failure(path, SystemError.last) }
        close(descriptor)
        descriptor = -1
    }

    private static func failure(_ path: String, _ error: SystemError) -> Failure {
        Failure(.data, "cannot write data file", at: path, because: error.text)
    }
}
