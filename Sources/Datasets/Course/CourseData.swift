/// The course's data sets as they were published, to compare files with.
public enum CourseData: CaseIterable, Sendable {
    /// Handwritten digits: `MNIST`.
    case digits
    /// Words of five languages: `LanguageID`.
    case words
    /// Plays of Shakespeare: `Shakespeare`.
    case plays

    /// Reads the set; where a file is missing, makes one.
    ///
    /// - Throws: `Failure` of category data that names the file, if one is there but cannot be used.
    public func load(from folder: DataFolder) throws -> DataSet {
        switch self {
        case .digits: try MNIST.load(from: folder)
        case .words: try LanguageID.load(from: folder)
        case .plays: try Shakespeare.load(from: folder)
        }
    }

    /// Whether a set has the published arrays, however its files were packed.
    public func isPublished(_ set: DataSet) -> Bool { DataSet(made: set.arrays).sourceSHA256 == arraysSHA256 }

    /// The SHA-256 of the published set's arrays in the order of their names.
    private var arraysSHA256: String {
        switch self {
        case .digits: "8f9bf8f88c66091138de4a7a825da7093df27493416b0fe6f25a19dc743f9e1e"
        case .words: "867e8e95832793e49b92cc2c7e07c768fb9c1cada0d180d14fcf482ba1789c0f"
        case .plays: "94370b62f543e3ebc73d2139986da0bad4cf7579d0e9c700a0a5e5d9656f22ff"
        }
    }

    /// Which files a folder lacks for the set not to be a synthetic one, in words; nil if it lacks none.
    ///
    /// - Throws: `Failure` of category data, if that cannot be found out.
    public func missing(from folder: DataFolder) throws -> String? {
        func isMissing(_ names: String...) throws -> Bool { try names.allSatisfy { try folder.existing($0) == nil } }
        switch self {
        case .digits:
            guard try isMissing(MNIST.archive) else { return nil }
            let files = try MNIST.idxFiles.filter { try isMissing($0, $0 + ".gz") }
            if files.isEmpty { return nil }
            let isPart = files.count < MNIST.idxFiles.count
            return "no \(MNIST.archive)" + (isPart ? ", and no \(files.joined(separator: ", "))" : " and no IDX files")
        case .words: return try isMissing(LanguageID.file) ? "no \(LanguageID.file)" : nil
        case .plays: return try isMissing(Shakespeare.file) ? "no \(Shakespeare.file)" : nil
        }
    }
}
