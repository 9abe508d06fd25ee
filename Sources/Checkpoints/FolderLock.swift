import Diagnostics
import Glibc

/// Marks a folder as one that a run writes to, so that no other does at the same time.
///
/// The kernel holds the mark (`flock`), and drops it with the process however that ends; nothing is left in the folder.
/// Where the file system knows no such marks, there is none.
final class FolderLock {
    private let descriptor: Int32

    /// Marks a folder.
    ///
    /// - Throws: `Failure(.data)` if it cannot be opened, or another run has marked it.
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(
                .data, "cannot use checkpoint folder", at: path, because: String(cString: strerror(errno)).lowercased())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            throw Failure(
                .data, "cannot use checkpoint folder", at: path, because: "another run writes to it",
                remedy: "wait for it to end, or give another folder")
        }
    }

    deinit {
        close(descriptor)
    }
}
