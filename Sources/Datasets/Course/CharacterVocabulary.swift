import Diagnostics

/// The characters of a text, each with a code: its place among them in the order of Unicode.
public struct CharacterVocabulary: Sendable, Equatable {
    /// The characters in the order of their codes.
    public let characters: [UnicodeScalar]

    /// The characters that occur in a text.
    ///
    /// - Throws: `Failure` of category data that names `place`, if they are more than 256.
    init(of text: String.UnicodeScalarView, place: String) throws {
        characters = Set(text).sorted()
        guard characters.count <= 256 else {
            throw Failure(
                .data, "cannot use text", at: place, because: "it has \(characters.count) different characters",
                remedy: "a text may have up to 256")
        }
    }

    /// Reads the vocabulary of a data set: the array `vocabulary` of Unicode values.
    ///
    /// - Throws: `Failure` of category data, if there is none or it does not ascend.
    public init(_ data: DataSet) throws {
        let array = try data["vocabulary"]
        let scalars =
            array.elementType == .int32 ? array.int32s.compactMap { UnicodeScalar(UInt32(bitPattern: $0)) } : []
        guard (1...256).contains(scalars.count), scalars.count == array.count,
            zip(scalars, scalars.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw Failure(.data, "cannot use data set", at: data.source, because: "its vocabulary is damaged") }
        characters = scalars
    }

    /// The number of characters.
    public var count: Int { characters.count }

    /// The array `vocabulary` of a data set.
    var array: DataArray {
        DataArray(characters.map { Int32(bitPattern: $0.value) }, shape: [characters.count])
    }

    /// The codes of a text.
    ///
    /// - Throws: `Failure` of category usage that names the characters, if some are not in the vocabulary.
    public func encode(_ text: String) throws -> [UInt8] {
        let codes = codesByCharacter
        let unknown = Set(text.unicodeScalars).filter { codes[$0] == nil }.sorted()
        guard unknown.isEmpty else {
            let names = unknown.map { "'\($0)'" }.joined(separator: ", ")
            throw Failure(
                .usage, "cannot encode text", because: "the model was not trained on \(names)",
                remedy: "use characters of its training text only")
        }
        return text.unicodeScalars.compactMap { codes[$0] }
    }

    /// The text of some codes, which must be below `count`.
    public func decode(_ codes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for code in codes { text.append(characters[Int(code)]) }
        return String(text)
    }

    /// The code of each character.
    var codesByCharacter: [UnicodeScalar: UInt8] {
        Dictionary(uniqueKeysWithValues: zip(characters, (0...255).map { UInt8($0) }))
    }
}
