import Diagnostics
import Glibc

/// Folders that only their owner may enter.
enum PrivateFolder {
    /// Creates a folder and those above it, or checks the one that is there.
    ///
    /// - Throws: `Failure` of category data, if it cannot be created or written, is a link, or is open to others.
    static func create(_ path: String) throws {
        var parent = ""
        for part in path.split(separator: "/") {
            parent += "/" + part
            // What cannot be created is found out below, by the last part.
            mkdir(parent, 0o700)
        }
        var status = stat()
        guard lstat(parent, &status) == 0 else { throw failure(path, SystemError.last.text) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, "it is no folder") }
        guard status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw failure(path, "others may write to it")
        }
        guard access(parent, W_OK | X_OK) == 0 else { throw failure(path, SystemError.last.text) }
    }

    private static func failure(_ path: String, _ cause: String) -> Failure {
        Failure(.data, "cannot use cache folder", at: path, because: cause, remedy: "set XDG_CACHE_HOME to another")
    }
}
