import Diagnostics

/// The words of one part of a data set of words: `train`, `dev` or `test`.
///
/// Reading from several threads is safe.
public struct WordList: Sendable {
    /// What stands behind the last letter of a word that is shorter than the longest.
    public static let padding: UInt8 = 255

    /// The number of words.
    public let count: Int
    /// The number of letters of the longest word, and the distance of two words in `letters`.
    public let maximumLength: Int
    /// [count, maximumLength] bytes: codes of letters, then padding.
    public let letters: DataArray
    /// [count] integers: the number of letters of each word.
    public let lengths: DataArray
    /// [count] integers: the language of each word.
    public let labels: DataArray

    /// Takes the words of a part of a data set, and checks every number.
    ///
    /// - Throws: `Failure` of category data, if arrays are missing or do not fit each other.
    public init(_ part: String, of data: DataSet) throws {
        let letters = try data["\(part)_letters"]
        let lengths = try data["\(part)_lengths"]
        let labels = try data["\(part)_labels"]
        let letterCount = try data["alphabet"].count
        let languageCount = try LanguageID.languages(of: data).count
        guard letters.elementType == .uint8, lengths.elementType == .int32, labels.elementType == .int32,
            letters.shape.count == 2, lengths.shape == [letters.shape[0]], labels.shape == lengths.shape
        else { throw Self.failure(part, data, "its arrays do not fit each other") }
        let width = letters.shape[1]
        for word in 0..<lengths.count {
            let length = Int(lengths.int32s[word])
            guard (1...max(width, 1)).contains(length), length <= width else {
                throw Self.failure(part, data, "word \(word) has the length \(length)")
            }
            guard letters.bytes[word * width..<word * width + length].allSatisfy({ Int($0) < letterCount }) else {
                throw Self.failure(part, data, "word \(word) has a letter that is not in the alphabet")
            }
            guard (0..<languageCount).contains(Int(labels.int32s[word])) else {
                throw Self.failure(part, data, "word \(word) has the language \(labels.int32s[word])")
            }
        }
        count = lengths.count
        maximumLength = width
        self.letters = letters
        self.lengths = lengths
        self.labels = labels
    }

    private static func failure(_ part: String, _ data: DataSet, _ cause: String) -> Failure {
        Failure(.data, "cannot use the words of '\(part)'", at: data.source, because: cause, remedy: "fetch it again")
    }
}
