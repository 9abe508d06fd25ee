extension ConfigurationReader {
    /// Reads a list of one to eight layer widths.
    ///
    /// - Throws: `Failure` that names the key, if it is no such list.
    mutating func widths(_ key: String, default widths: [Int]) throws -> [Int] {
        try integers(key, each: 1...65_536, maximumCount: 8, default: widths)
    }
}
