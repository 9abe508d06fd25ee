import Diagnostics

/// What a question trains on and what travels to workers: named arrays, and where they came from.
public struct DataSet: Sendable {
    /// The arrays by name.
    public let arrays: [String: DataArray]
    /// The file or files they came from; `synthetic` or `made` if there are none.
    public let source: String
    /// The SHA-256 of the source files' contents one after another, or of the arrays in the order of their names.
    public let sourceSHA256: String
    /// Whether the set stands in for files that are missing.
    public let isSynthetic: Bool
    let knownHash: ContentHash?

    /// Creates a set of arrays that came from files.
    public init(arrays: [String: DataArray], source: String, sourceSHA256: String, isSynthetic: Bool = false) {
        self.init(arrays, source: source, sourceSHA256: sourceSHA256, isSynthetic: isSynthetic, knownHash: nil)
    }

    /// Creates a set of arrays that were computed; its digest is that of the arrays.
    public init(made arrays: [String: DataArray], isSynthetic: Bool = false) {
        var digest = SHA256()
        for (_, array) in arrays.sorted(by: { $0.key < $1.key }) { digest.update(array.rawBytes) }
        self.init(
            arrays, source: isSynthetic ? "synthetic" : "made", sourceSHA256: digest.hexadecimal(),
            isSynthetic: isSynthetic, knownHash: nil)
    }

    init(
        _ arrays: [String: DataArray], source: String, sourceSHA256: String, isSynthetic: Bool, knownHash: ContentHash?
    ) {
        self.arrays = arrays
        self.source = source
        self.sourceSHA256 = sourceSHA256
        self.isSynthetic = isSynthetic
        self.knownHash = knownHash
    }

    /// The array of a name.
    ///
    /// - Throws: `Failure` of category data, if there is none.
    public subscript(name: String) -> DataArray {
        get throws {
            guard let array = arrays[name] else {
                let names = arrays.keys.sorted().joined(separator: ", ")
                throw Failure(
                    .data, "the data set has no array '\(name)'", at: source, because: "it holds \(names)")
            }
            return array
        }
    }
}
