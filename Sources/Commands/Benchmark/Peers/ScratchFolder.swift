import Diagnostics
import FoundationEssentials

/// A folder for temporary files, readable by its owner alone, that goes when nobody holds it any more.
final class ScratchFolder {
    /// The folder.
    let path: String

    /// Makes a folder.
    ///
    /// - Throws: `Failure(.data)` if it cannot be made.
    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID())").path()
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(.data, "cannot make a folder for temporary files", at: path, remedy: "set TMPDIR")
        }
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
