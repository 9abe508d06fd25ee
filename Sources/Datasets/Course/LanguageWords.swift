import Diagnostics

/// The words of one part of `lang_id.npz`, checked.
struct LanguageWords {
    /// The number of letters of the longest word.
    let width: Int
    /// The codes of the letters, `width` a word, padded by 255.
    let letters: [UInt8]
    /// The number of letters of each word.
    let lengths: [Int32]
    /// The language of each word.
    let labels: [Int32]

    /// Takes words that are known to be right.
    init(width: Int, letters: [UInt8], lengths: [Int32], labels: [Int32]) {
        self.width = width
        self.letters = letters
        self.lengths = lengths
        self.labels = labels
    }

    /// Reads `<part>_x`, `<part>_y` and `<part>_buckets`.
    ///
    /// - Throws: `Failure` of category data, if an index is out of range, or the buckets are not runs of words of one
    ///   length that follow each other.
    init(_ part: String, _ archive: NPZ, letterCount: Int, languageCount: Int) throws {
        let x = try archive.array(part + "_x", shape: [nil, nil], maximumCount: 1 << 28)
        let count = x.shape[0]
        let width = x.shape[1]
        guard count > 0, (1...4096).contains(width) else { throw x.failure("its shape is \(x.shape)") }
        let y = try archive.array(part + "_y", shape: [count])
        let buckets = try archive.array(part + "_buckets", shape: [nil, 2], maximumCount: 2 * count)
        let codes = try x.int32s()
        if let wrong = codes.first(where: { $0 < -1 || Int($0) >= letterCount }) {
            throw x.failure("\(wrong) is no letter")
        }
        lengths = try (0..<count).map { word in
            let row = codes[word * width..<(word + 1) * width]
            let length = row.firstIndex(of: -1).map { $0 - row.startIndex } ?? width
            guard length > 0, row.dropFirst(length).allSatisfy({ $0 == -1 }) else {
                throw x.failure("word \(word) is empty or has a gap")
            }
            return Int32(length)
        }
        self.width = width
        letters = codes.map { $0 < 0 ? WordList.padding : UInt8($0) }
        labels = try y.int32s()
        if let wrong = labels.first(where: { $0 < 0 || Int($0) >= languageCount }) {
            throw y.failure("\(wrong) is no language")
        }
        try check(buckets)
    }

    private func check(_ buckets: SourceArray) throws {
        let bounds = try buckets.int32s()
        var end = 0
        for bucket in 0..<bounds.count / 2 {
            let (start, next) = (Int(bounds[2 * bucket]), Int(bounds[2 * bucket + 1]))
            guard start == end, next > start, next <= lengths.count else {
                throw buckets.failure("bucket \(bucket), [\(start), \(next)), does not follow the one before it")
            }
            guard lengths[start..<next].allSatisfy({ $0 == lengths[start] }) else {
                throw buckets.failure("bucket \(bucket) holds words of different lengths")
            }
            end = next
        }
        guard end == lengths.count else { throw buckets.failure("its buckets hold \(end) of \(lengths.count) words") }
    }

    /// The arrays of a data set.
    func arrays(_ part: String) -> [String: DataArray] {
        [
            part + "_letters": DataArray(letters, shape: [lengths.count, width]),
            part + "_lengths": DataArray(lengths, shape: [lengths.count]),
            part + "_labels": DataArray(labels, shape: [labels.count]),
        ]
    }
}
