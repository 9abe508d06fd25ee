import Diagnostics

/// A text to learn character by character: Shakespeare's plays in `input.txt`.
///
/// Arrays: `train_text` and `validation_text`, bytes that are codes of characters, and `vocabulary`, the Unicode value
/// of each code. The last tenth of the text is for validation.
public enum Shakespeare {
    static let file = "input.txt"

    /// Reads the text; where it is missing, makes one by a small grammar.
    ///
    /// - Throws: `Failure` of category data, if the file is there but empty, no UTF-8, or has over 256 characters.
    public static func load(from folder: DataFolder) throws -> DataSet {
        guard let path = try folder.existing(file) else {
            return DataSet(made: try arrays(of: SyntheticPlay.make(), place: "synthetic text"), isSynthetic: true)
        }
        let content = try FileReader.read(path)
        guard let text = content.withBytes({ String(validating: $0, as: UTF8.self) }) else {
            throw Failure(.data, "cannot use text", at: path, because: "it is not UTF-8", remedy: "fetch it again")
        }
        return DataSet(
            arrays: try arrays(of: text, place: path), source: file, sourceSHA256: content.sha256())
    }

    private static func arrays(of text: String, place: String) throws -> [String: DataArray] {
        let scalars = text.unicodeScalars
        let vocabulary = try CharacterVocabulary(of: scalars, place: place)
        let codes = vocabulary.codesByCharacter
        let encoded = scalars.compactMap { codes[$0] }
        let trainingCount = encoded.count / 10 * 9 + encoded.count % 10 * 9 / 10
        return [
            "train_text": DataArray(Array(encoded[..<trainingCount]), shape: [trainingCount]),
            "validation_text": DataArray(Array(encoded[trainingCount...]), shape: [encoded.count - trainingCount]),
            "vocabulary": vocabulary.array,
        ]
    }
}
