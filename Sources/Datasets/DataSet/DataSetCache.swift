import Diagnostics
import FoundationEssentials
import Glibc

/// Keeps data sets in a private folder, each under its content hash, so that they are sent and decoded once.
///
/// Several processes may use one folder at the same time: files appear under their names only when complete, and a
/// file that is removed stays readable to those who have it mapped.
public struct DataSetCache: Sendable {
    /// The folder.
    public let folder: String
    /// The bytes beyond which the sets used least recently are dropped.
    public let capacity: Int

    /// Opens the user's cache: `lockstep/datasets` in `$XDG_CACHE_HOME`, else in `~/.cache`.
    ///
    /// If that cannot be written, a private folder for temporary files takes its place.
    ///
    /// - Throws: `Failure` of category data, if there is no such place either.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let folders = Self.folders(environment: environment)
        for folder in folders.dropLast() {
            guard let cache = try? DataSetCache(folder: folder) else { continue }
            self = cache
            return
        }
        self = try DataSetCache(folder: folders[folders.count - 1])
    }

    /// Where the user's cache may lie, the best place first.
    public static func folders(environment: [String: String] = ProcessInfo.processInfo.environment) -> [String] {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
        let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
        let temporary = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        return (base.map { ["\($0)/lockstep/datasets"] } ?? []) + ["\(temporary)/lockstep-\(geteuid())"]
    }

    /// Opens a cache in a folder, which is created if it is missing.
    ///
    /// - Parameter capacity: the bytes beyond which the sets used least recently are dropped.
    /// - Throws: `Failure` of category data, if the folder cannot be written or belongs to somebody else.
    public init(folder: String, capacity: Int = 2 << 30) throws {
        self.folder = folder
        self.capacity = capacity
        try PrivateFolder.create(folder)
    }

    /// Writes a small file and removes it again.
    ///
    /// - Throws: `Failure` of category data, if the folder takes none, as on a full disk.
    public func tryWriting() throws {
        let file = try TemporaryFile(for: folder + "/trial")
        try [UInt8](repeating: 0, count: 4096).withUnsafeBytes { try file.append($0) }
    }

    /// Where the set of a hash is kept, if it is.
    public func url(for hash: ContentHash) -> URL {
        URL(filePath: path(of: hash))
    }

    /// The set of a hash; nil if it is not kept.
    ///
    /// A file whose content has been damaged is removed, and counts as missing.
    ///
    /// - Parameter isVerified: whether somebody has just compared the content with the hash, so that this pass over it
    ///   may be left out.
    public func load(_ hash: ContentHash, isVerified: Bool = false) -> DataSet? {
        let path = path(of: hash)
        guard FileReader.identity(path) != nil else { return nil }
        guard let set = try? DataSet(contentsOf: path, expecting: hash, isVerified: isVerified) else {
            unlink(path)
            return nil
        }
        // The time of modification is that of the last use, for `trim`.
        utimensat(AT_FDCWD, path, nil, 0)
        return set
    }

    /// Keeps a set, and drops others if there are too many.
    ///
    /// - Returns: its content hash.
    /// - Throws: `Failure` of category data, if the file cannot be written.
    @discardableResult
    public func store(_ set: DataSet) throws -> ContentHash {
        let hash = set.contentHash()
        let path = path(of: hash)
        if FileReader.identity(path)?.byteCount != set.serialByteCount {
            try set.write(to: path)
        }
        trim(keeping: hash)
        return hash
    }

    /// Drops the sets used least recently until the others fit the capacity.
    func trim(keeping kept: ContentHash) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.compactMap { name -> (path: String, identity: FileReader.Identity)? in
            let path = folder + "/" + name
            guard let identity = FileReader.identity(path) else { return nil }
            return (path, identity)
        }
        var total = files.reduce(0) { $0 + $1.identity.byteCount }
        let oldestFirst = files.sorted {
            ($0.identity.seconds, $0.identity.nanoseconds) < ($1.identity.seconds, $1.identity.nanoseconds)
        }
        for file in oldestFirst where total > capacity && file.path != path(of: kept) {
            if unlink(file.path) == 0 { total -= file.identity.byteCount }
        }
    }

    func path(of hash: ContentHash) -> String { "\(folder)/\(hash).safetensors" }
}
