import FoundationEssentials

@testable import Datasets

/// A folder for one test, removed with everything in it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/lockstep-test-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    /// The folder as the place of data files.
    func dataFolder(cache: DataSetCache? = nil) throws -> DataFolder {
        try DataFolder(explicit: path, environment: [:], cache: cache)
    }

    /// The names of the files in the folder or one below it.
    func names(in subfolder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + subfolder).sorted()
    }
}
