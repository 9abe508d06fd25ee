import Diagnostics
import FoundationEssentials

/// Where data files are looked for, and where decoded ones are kept.
public struct DataFolder: Sendable {
    /// The folder; it need not exist, and then every file in it is missing.
    public let path: String
    /// Keeps what costs long to decode; nil if nothing is kept.
    let cache: DataSetCache?

    /// Finds the folder: the one given explicitly, else `$LOCKSTEP_DATA`, else `data` in the working folder or in the
    /// package that the running program was built in.
    ///
    /// - Parameters:
    ///   - explicit: the folder the user named.
    ///   - environment: where `LOCKSTEP_DATA` is looked up.
    ///   - cache: where decoded files are kept for the next run; nil keeps none.
    /// - Throws: `Failure` of category data, if a folder that was named does not exist.
    public init(
        explicit: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        cache: DataSetCache? = nil
    ) throws {
        self.cache = cache
        if let explicit {
            path = try Self.folder(explicit, namedBy: "--data")
        } else if let named = environment["LOCKSTEP_DATA"], !named.isEmpty {
            path = try Self.folder(named, namedBy: "LOCKSTEP_DATA")
        } else {
            path = Self.standard()
        }
    }

    private static func standard() -> String {
        let files = FileManager.default
        if !files.fileExists(atPath: "data"),
            let program = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let build = program.firstRange(of: "/.build/")
        {
            return program[..<build.lowerBound] + "/data"
        }
        return "data"
    }

    /// The path of a file in the folder.
    func path(of name: String) -> String { path + "/" + name }

    /// The path of a file; nil if there is none.
    ///
    /// - Throws: `Failure` of category data, if that cannot be found out.
    func existing(_ name: String) throws -> String? {
        let path = path(of: name)
        return try FileReader.exists(path) ? path : nil
    }

    private static func folder(_ path: String, namedBy option: String) throws -> String {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(
                .data, "cannot find data folder", at: path, because: "no such folder",
                remedy: "correct \(option), or fetch the files with tools/fetch-data")
        }
        guard isFolder else {
            throw Failure(
                .data, "cannot read data folder", at: path, because: "it is a file", remedy: "correct \(option)")
        }
        return path
    }
}
