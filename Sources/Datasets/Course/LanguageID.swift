import Diagnostics

/// Words of five languages, of which the language is to be told: `lang_id.npz`.
///
/// Arrays, for each part of `train`, `dev` (validation) and `test`: `<part>_letters` [n, length of the longest word]
/// bytes, codes of letters with 255 behind the last; `<part>_lengths` [n] and `<part>_labels` [n] integers. Besides
/// `alphabet`, the Unicode value of each letter, and `languages`, names one a line. `WordList` reads a part.
public enum LanguageID {
    static let file = "lang_id.npz"
    static let parts = ["train", "dev", "test"]

    /// Reads the words; where the file is missing, makes words by the habits of five languages.
    ///
    /// - Throws: `Failure` of category data that names the file, if it is there but cannot be used.
    public static func load(from folder: DataFolder) throws -> DataSet {
        guard let path = try folder.existing(file) else { return SyntheticWords.make() }
        let archive = try NPZ(contentsOf: path)
        let characters = try archive.array("chars", shape: [nil], maximumCount: 254)
        let names = try archive.array("language_names", shape: [nil], maximumCount: 254)
        let alphabet = try characters.strings().map { text in
            guard text.unicodeScalars.count == 1, let letter = text.unicodeScalars.first else {
                throw characters.failure("'\(text)' is not one letter")
            }
            return letter
        }
        let languages = try names.strings()
        guard !alphabet.isEmpty, Set(alphabet).count == alphabet.count else {
            throw characters.failure("its letters are not all different")
        }
        guard !languages.isEmpty, languages.allSatisfy({ !$0.isEmpty && !$0.contains("\n") }) else {
            throw names.failure("it names no language")
        }
        var arrays = labelArrays(alphabet, languages)
        for part in parts {
            let words = try LanguageWords(part, archive, letterCount: alphabet.count, languageCount: languages.count)
            arrays.merge(words.arrays(part)) { $1 }
        }
        return DataSet(arrays: arrays, source: file, sourceSHA256: archive.fileSHA256())
    }

    /// The names of the languages of a data set, by label.
    ///
    /// - Throws: `Failure` of category data, if it has none.
    public static func languages(of data: DataSet) throws -> [String] {
        let array = try data["languages"]
        guard array.elementType == .uint8, let text = String(validating: array.bytes, as: UTF8.self), !text.isEmpty
        else { throw Failure(.data, "cannot use data set", at: data.source, because: "its languages have no names") }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The letters of a data set, by code.
    ///
    /// - Throws: `Failure` of category data, if it has none.
    public static func alphabet(of data: DataSet) throws -> [UnicodeScalar] {
        let array = try data["alphabet"]
        let letters =
            array.elementType == .int32 ? array.int32s.compactMap { UnicodeScalar(UInt32(bitPattern: $0)) } : []
        guard !letters.isEmpty, letters.count == array.count, letters.count < Int(WordList.padding) else {
            throw Failure(.data, "cannot use data set", at: data.source, because: "its alphabet is damaged")
        }
        return letters
    }

    /// The arrays that all parts have in common.
    static func labelArrays(_ alphabet: [UnicodeScalar], _ languages: [String]) -> [String: DataArray] {
        let names = Array(languages.joined(separator: "\n").utf8)
        return [
            "alphabet": DataArray(alphabet.map { Int32(bitPattern: $0.value) }, shape: [alphabet.count]),
            "languages": DataArray(names, shape: [names.count]),
        ]
    }
}
