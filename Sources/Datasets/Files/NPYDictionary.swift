/// The Python dictionary in the header of a `.npy` file, of which exactly the three known keys are accepted.
struct NPYDictionary {
    /// The type of the elements as written.
    enum ElementDescription: Equatable {
        case simple(String)
        case structured
    }

    /// What the dictionary says.
    struct Description: Equatable {
        let type: ElementDescription
        let isColumnMajor: Bool
        let shape: [Int]
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Takes the text; it must outlive the parser.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Parses all of it; nil if it is anything but that dictionary, followed by blanks.
    mutating func parse() -> Description? {
        var type: ElementDescription?
        var order: Bool?
        var shape: [Int]?
        guard take("{") else { return nil }
        while !take("}") {
            guard let key = string(), take(":") else { return nil }
            switch key {
            case "descr" where type == nil: type = elementDescription()
            case "fortran_order" where order == nil: order = boolean()
            case "shape" where shape == nil: shape = tuple()
            default: return nil
            }
            if !take(",") {
                guard take("}") else { return nil }
                break
            }
        }
        skipBlanks()
        guard offset == bytes.count || type == .structured, let type else { return nil }
        // What follows a record type does not matter, as it is refused.
        if type == .structured { return Description(type: type, isColumnMajor: false, shape: []) }
        guard let order, let shape else { return nil }
        return Description(type: type, isColumnMajor: order, shape: shape)
    }

    private mutating func elementDescription() -> ElementDescription? {
        skipBlanks()
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "[") {
            skipList()
            return .structured
        }
        return string().map(ElementDescription.simple)
    }

    private mutating func skipList() {
        var depth = 0
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "[") { depth += 1 }
            if bytes[offset] == UInt8(ascii: "]") { depth -= 1 }
            offset += 1
            if depth == 0 { return }
        }
    }

    private mutating func string() -> String? {
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "'") || bytes[offset] == UInt8(ascii: "\"") else {
            return nil
        }
        let quote = bytes[offset]
        guard let end = bytes[(offset + 1)...].firstIndex(of: quote) else { return nil }
        defer { offset = end + 1 }
        return String(validating: bytes[(offset + 1)..<end], as: UTF8.self)
    }

    private mutating func boolean() -> Bool? {
        if take("True") { return true }
        return take("False") ? false : nil
    }

    private mutating func tuple() -> [Int]? {
        guard take("(") else { return nil }
        var values: [Int] = []
        while !take(")") {
            guard let value = integer() else { return nil }
            values.append(value)
            if take(",") { continue }
            // Without a comma, a pair of brackets round one number is no tuple.
            guard values.count > 1, take(")") else { return nil }
            break
        }
        return values.count <= 32 ? values : nil
    }

    private mutating func integer() -> Int? {
        skipBlanks()
        let digits = bytes[offset...].prefix { (48...57).contains($0) }
        offset += digits.count
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private mutating func take(_ word: StaticString) -> Bool {
        skipBlanks()
        let count = word.utf8CodeUnitCount
        guard bytes.count - offset >= count,
            bytes[offset..<offset + count].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count))
        else { return false }
        offset += count
        return true
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x0A { offset += 1 }
    }
}
