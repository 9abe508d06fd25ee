import Diagnostics

/// A reader of JSON5 for configurations: one object of scalars and lists.
///
/// It knows all of JSON5's spelling (comments, trailing commas, unquoted keys, single quotes, hexadecimal), says the
/// line and column of what it cannot read, and refuses what a configuration has no use for: nested objects, null,
/// infinity, NaN, a key given twice. See <https://spec.json5.org>. Time and space are linear in the text.
struct ConfigurationParser {
    /// How deep lists may lie in lists.
    static let maximumDepth = 8

    /// A key with its value and the line it stands on.
    struct Member {
        let key: String
        let value: ConfigurationValue
        let line: Int
    }

    /// The text as Unicode scalars.
    let scalars: [Unicode.Scalar]
    /// The index of the next scalar to read.
    var position = 0
    private let file: String
    private let lineBreaks: [Int]

    /// Decodes the text of a file.
    ///
    /// - Throws: `Failure` if it is not UTF-8.
    init(_ bytes: [UInt8], file: String) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.usage, "cannot read configuration", at: file, because: "it is not UTF-8 text")
        }
        scalars = Array(text.unicodeScalars)
        self.file = file
        lineBreaks = scalars.indices.filter { [scalars] index in scalars[index] == "\n" }
        if scalars.first == "\u{FEFF}" { position = 1 }
    }

    /// Reads a whole text as one object.
    ///
    /// - Throws: `Failure` with file, line, column and cause.
    mutating func document() throws -> [Member] {
        try skipBlanks()
        guard next != nil else { throw failure("it is empty") }
        guard take("{") else { throw failure("expected '{', found \(found)") }
        var members: [Member] = []
        var keys: Set<String> = []
        try skipBlanks()
        while !take("}") {
            let start = position
            let line = self.line(of: start)
            let key = try self.key()
            guard keys.insert(key).inserted else { throw failure("key '\(key)' is given twice", at: start) }
            try skipBlanks()
            guard take(":") else { throw failure("expected ':' after key '\(key)', found \(found)") }
            try skipBlanks()
            members.append(Member(key: key, value: try value(depth: 0), line: line))
            try skipBlanks()
            guard take(",") || next == "}" else {
                throw failure("expected ',' or '}' after the value of '\(key)', found \(found)")
            }
            try skipBlanks()
        }
        try end()
        return members
    }

    /// Reads a whole text as one value.
    ///
    /// - Throws: `Failure` with line, column and cause.
    mutating func onlyValue() throws -> ConfigurationValue {
        try skipBlanks()
        let value = try value(depth: 0)
        try end()
        return value
    }

    private mutating func end() throws {
        try skipBlanks()
        guard next == nil else { throw failure("expected the end, found \(found)") }
    }

    private mutating func key() throws -> String {
        if next == "\"" || next == "'" { return try string() }
        guard let word = word() else { throw failure("expected a key, found \(found)") }
        return word
    }

    private mutating func value(depth: Int) throws -> ConfigurationValue {
        guard let scalar = next else { throw failure("expected a value, found the end") }
        let start = position
        switch scalar {
        case "[": return .list(try list(depth: depth + 1))
        case "{": throw failure("an object cannot be a value here")
        case "\"", "'": return .string(try string())
        case "0"..."9", "+", "-", ".": return try number()
        default:
            switch word() {
            case "true": return .bool(true)
            case "false": return .bool(false)
            case "null": throw failure("null is not a value; leave the key out", at: start)
            case "NaN", "Infinity": throw failure("a number must be finite", at: start)
            case let word?: throw failure("a text needs quotes: \"\(word)\"", at: start)
            case nil: throw failure("expected a value, found \(found)")
            }
        }
    }

    private mutating func list(depth: Int) throws -> [ConfigurationValue] {
        guard depth <= Self.maximumDepth else { throw failure("lists lie deeper than \(Self.maximumDepth)") }
        position += 1
        var values: [ConfigurationValue] = []
        try skipBlanks()
        while !take("]") {
            values.append(try value(depth: depth))
            try skipBlanks()
            guard take(",") || next == "]" else { throw failure("expected ',' or ']' in a list, found \(found)") }
            try skipBlanks()
        }
        return values
    }

    /// A failure at a position, the present one by default.
    func failure(_ cause: String, at index: Int? = nil) -> Failure {
        let index = index ?? position
        let line = line(of: index)
        let column = index - (line > 1 ? lineBreaks[line - 2] : -1)
        return Failure(.usage, "cannot read configuration", at: "\(file):\(line):\(column)", because: cause)
    }

    /// The line of a position, from 1 on, by bisection.
    private func line(of index: Int) -> Int {
        var low = 0
        var high = lineBreaks.count
        while low < high {
            let middle = (low + high) / 2
            if lineBreaks[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}
