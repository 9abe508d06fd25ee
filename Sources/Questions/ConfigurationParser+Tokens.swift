import Diagnostics

/// The words of JSON5: blanks, comments, identifiers, strings and numbers.
extension ConfigurationParser {
    /// The next scalar; nil at the end.
    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// The next scalar for a message.
    var found: String {
        guard let next else { return "the end" }
        return next.value < 0x20 ? "a line break or control character" : "'\(next)'"
    }

    /// Steps over a scalar if it is the next one.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Steps over white space and comments.
    ///
    /// - Throws: `Failure` if a comment does not end.
    mutating func skipBlanks() throws {
        while let scalar = next {
            if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
                position += 1
            } else if scalar == "/", position + 1 < scalars.count, scalars[position + 1] == "/" {
                position = scalars[position...].firstIndex(where: \.isLineBreak) ?? scalars.count
            } else if scalar == "/", position + 1 < scalars.count, scalars[position + 1] == "*" {
                let start = position
                position += 2
                while !(next == "*" && position + 1 < scalars.count && scalars[position + 1] == "/") {
                    guard next != nil else { throw failure("a comment that does not end", at: start) }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    /// Steps over an identifier; nil if there is none.
    mutating func word() -> String? {
        guard let first = next, first.properties.isXIDStart || first == "_" || first == "$" else { return nil }
        let start = position
        while let scalar = next, scalar.properties.isXIDContinue || scalar == "$" { position += 1 }
        return text(start..<position)
    }

    /// Reads a string in single or double quotes.
    ///
    /// - Throws: `Failure` if it does not end on its line, or escapes what is no character.
    mutating func string() throws -> String {
        let start = position
        let quote = next
        position += 1
        var text = String.UnicodeScalarView()
        while next != quote {
            guard let scalar = next, !scalar.isLineBreak else { throw failure("a text that does not end", at: start) }
            position += 1
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            if let escaped = try escape() { text.append(escaped) }
        }
        position += 1
        return String(text)
    }

    /// Reads what follows a backslash; nil for a line that goes on.
    private mutating func escape() throws -> Unicode.Scalar? {
        let start = position - 1
        guard let scalar = next else { throw failure("a text that does not end", at: start) }
        position += 1
        switch scalar {
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "0": return "\0"
        case "x": return Unicode.Scalar(UInt8(try hexadecimal(digits: 2, from: start)))
        case "u":
            let unit = try hexadecimal(digits: 4, from: start)
            if let character = Unicode.Scalar(unit) { return character }
            guard unit < 0xDC00, take("\\"), take("u") else { throw failure("half a surrogate pair", at: start) }
            let low = try hexadecimal(digits: 4, from: start)
            guard (0xDC00...0xDFFF).contains(low),
                let character = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { throw failure("half a surrogate pair", at: start) }
            return character
        case "\r":
            _ = take("\n")
            return nil
        case _ where scalar.isLineBreak: return nil
        case "1"..."9": throw failure("an escape that JSON5 does not know", at: start)
        default: return scalar
        }
    }

    private mutating func hexadecimal(digits: Int, from start: Int) throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = next?.hexadecimalDigit else {
                throw failure("an escape needs \(digits) hexadecimal digits", at: start)
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    /// Reads a number: as an integer if it is whole, up to 2⁵³ if it has a point or an exponent.
    ///
    /// - Throws: `Failure` if it is none, or not finite.
    mutating func number() throws -> ConfigurationValue {
        let start = position
        let isNegative = next == "-"
        if isNegative || next == "+" { position += 1 }
        let sign = isNegative ? "-" : ""
        if next == "I" || next == "N" { throw failure("a number must be finite", at: start) }
        if next == "0", position + 1 < scalars.count, "xX".unicodeScalars.contains(scalars[position + 1]) {
            position += 2
            let digits = run { $0.hexadecimalDigit != nil }
            guard !digits.isEmpty, !continuesWord else { throw failure("not a hexadecimal number", at: start) }
            guard let value = Int(sign + digits, radix: 16) else { throw failure("a number too large", at: start) }
            return .integer(value)
        }
        let whole = run(\.isDigit)
        var fraction: String?
        if take(".") { fraction = run(\.isDigit) }
        var exponent = ""
        var hasExponent = false
        if next == "e" || next == "E" {
            hasExponent = true
            position += 1
            if next == "-" { exponent = "-" }
            if next == "-" || next == "+" { position += 1 }
            let digits = run(\.isDigit)
            guard !digits.isEmpty else { throw failure("an exponent without digits", at: start) }
            exponent += digits
        }
        guard !(whole.isEmpty && (fraction ?? "").isEmpty), !continuesWord, next != "." else {
            throw failure("not a number", at: start)
        }
        guard whole.count < 2 || !whole.hasPrefix("0") else {
            throw failure("a number may not begin with 0", at: start)
        }
        if fraction == nil, !hasExponent, let value = Int(sign + whole) { return .integer(value) }
        let literal = "\(sign)\(whole.isEmpty ? "0" : whole).\((fraction ?? "").isEmpty ? "0" : fraction ?? "")"
        guard let value = Double(hasExponent ? literal + "e" + exponent : literal), value.isFinite else {
            throw failure("a number too large", at: start)
        }
        if let whole = Int(exactly: value), whole.magnitude <= 1 << 53 { return .integer(whole) }
        return .number(value)
    }

    /// Whether a letter or digit stands right behind what was read.
    private var continuesWord: Bool { next.map { $0.properties.isXIDContinue || $0 == "$" } ?? false }

    /// Steps over the scalars that satisfy a condition.
    private mutating func run(_ belongs: (Unicode.Scalar) -> Bool) -> String {
        let start = position
        while let scalar = next, belongs(scalar) { position += 1 }
        return text(start..<position)
    }

    private func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }
}

extension Unicode.Scalar {
    fileprivate var isLineBreak: Bool { ["\n", "\r", "\u{2028}", "\u{2029}"].contains(self) }
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

    fileprivate var hexadecimalDigit: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }
}
