import Diagnostics

/// The header of a `.npy` file: element format, order of axes, and shape.
///
/// Format: NumPy Enhancement Proposal 1, and `numpy.lib.format`, versions 1 to 3.
struct NPYHeader: Equatable {
    let format: ElementFormat
    let isColumnMajor: Bool
    let shape: [Int]
    /// Where the elements begin.
    let byteCount: Int
    /// The bytes of all elements.
    let contentByteCount: Int

    /// The bytes in which a header lies that is read at all.
    static let maximumByteCount = 1 << 16

    /// Reads a header from the first bytes of a file.
    ///
    /// - Throws: `Failure` of category data that names `place`, if there is none or it asks for what is not supported.
    init(_ bytes: UnsafeRawBufferPointer, place: String) throws {
        func failure(_ cause: String) -> Failure {
            Failure(.data, "cannot read npy array", at: place, because: cause, remedy: "fetch it again")
        }
        var cursor = ByteCursor(bytes)
        guard let magic = cursor.take(6), magic.elementsEqual([0x93] + "NUMPY".utf8),
            let version = cursor.little(UInt8.self), let minor = cursor.little(UInt8.self)
        else { throw failure("it does not begin as one") }
        guard (1...3).contains(version), minor == 0 else {
            throw failure("its format version \(version).\(minor) is unknown")
        }
        let length = version == 1 ? cursor.little(UInt16.self).map(Int.init) : cursor.little(UInt32.self).map(Int.init)
        guard let length, length <= Self.maximumByteCount, let content = cursor.take(length) else {
            throw failure("its header is cut short or too long")
        }
        var literal = NPYDictionary(content)
        guard let description = literal.parse() else { throw failure("its header is damaged") }
        let format = try ElementFormat(npy: description.type, failure: failure)
        guard let contentByteCount = Datasets.byteCount(ofShape: description.shape, elementByteCount: format.byteCount)
        else { throw failure("its shape \(description.shape) is impossible") }
        self.format = format
        isColumnMajor = description.isColumnMajor
        shape = description.shape
        byteCount = cursor.offset
        self.contentByteCount = contentByteCount
    }
}

extension ElementFormat {
    /// Reads a type as npy headers write it: `<f4`, `|b1`, `>i8`, `<U10`.
    init(npy type: NPYDictionary.ElementDescription, failure: (String) -> Failure) throws {
        guard case .simple(let text) = type else { throw failure("its elements are records, which are not supported") }
        let characters = Array(text.utf8)
        let digits = characters.dropFirst(2)
        guard characters.count >= 2, let order = characters.first, "<>|=".utf8.contains(order) else {
            throw failure("its element type '\(text)' is not supported")
        }
        if characters[1] == UInt8(ascii: "O") {
            throw failure("its elements are Python objects ('\(text)'), which are never loaded, as they can run code")
        }
        let size = digits.count <= 6 && digits.allSatisfy({ (48...57).contains($0) }) ? Int(text.dropFirst(2)) : nil
        let kind: Kind? =
            switch (characters[1], size) {
            case (UInt8(ascii: "b"), 1): .bool
            case (UInt8(ascii: "i"), 1), (UInt8(ascii: "i"), 2), (UInt8(ascii: "i"), 4), (UInt8(ascii: "i"), 8): .signed
            case (UInt8(ascii: "u"), 1), (UInt8(ascii: "u"), 2), (UInt8(ascii: "u"), 4), (UInt8(ascii: "u"), 8):
                .unsigned
            case (UInt8(ascii: "f"), 2), (UInt8(ascii: "f"), 4), (UInt8(ascii: "f"), 8): .float
            case (UInt8(ascii: "U"), let size?) where size > 0: .text
            default: nil
            }
        guard let kind, let size else { throw failure("its element type '\(text)' is not supported") }
        let byteCount = kind == .text ? size * 4 : size
        guard order != UInt8(ascii: "|") || byteCount == 1 else {
            throw failure("its element type '\(text)' lacks the order of bytes")
        }
        self.init(kind: kind, byteCount: byteCount, isBigEndian: order == UInt8(ascii: ">"))
    }
}
