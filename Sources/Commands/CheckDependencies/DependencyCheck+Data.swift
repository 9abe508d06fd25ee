import Datasets
import Diagnostics

// Data files and the cache.
extension DependencyCheck {
    /// The data sets in the folder that a run would take.
    ///
    /// - Parameter explicit: the folder that `--data` names.
    static func data(explicit: String?) -> [DependencyCheck] {
        do {
            let folder = try DataFolder(explicit: explicit)
            return CourseData.allCases.map { set in
                DependencyCheck(name: name(of: set)) { try look(for: set, in: folder) }
            }
        } catch {
            return [DependencyCheck(name: "data folder") { throw error }]
        }
    }

    private static func name(of set: CourseData) -> String {
        switch set {
        case .digits: "digits (q3, q5)"
        case .words: "words (q4)"
        case .plays: "plays (q7)"
        }
    }

    private static func look(for set: CourseData, in folder: DataFolder) throws -> Finding {
        if let missing = try set.missing(from: folder) {
            return .missing(
                "\(missing) in \(folder.path); trains on a synthetic set",
                remedy: "tools/fetch-data fetches the real one")
        }
        // Without the cache, so that it is the files themselves that are read.
        let found = try set.load(from: folder)
        guard set.isPublished(found) else {
            throw Failure(
                .data, "not the published data", at: "\(folder.path)/\(found.source)",
                because: "its content has another checksum (the file's SHA-256 is \(found.sourceSHA256))",
                remedy: "fetch it again with tools/fetch-data, unless it is meant to be your own")
        }
        return .ok("\(folder.path)/\(found.source), as published, SHA-256 \(found.sourceSHA256)")
    }

    /// The cache folder.
    static var folders: [DependencyCheck] {
        [
            DependencyCheck(name: "cache") {
                let cache = try DataSetCache()
                try cache.tryWriting()
                guard let best = DataSetCache.folders().first, best != cache.folder else { return .ok(cache.folder) }
                return .missing(
                    "\(best) cannot be written; \(cache.folder) takes its place",
                    remedy: "mend it, or set XDG_CACHE_HOME to another folder")
            }
        ]
    }
}
