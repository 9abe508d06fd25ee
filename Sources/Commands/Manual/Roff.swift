/// Text for groff, escaped so that it comes out as it was written.
enum Roff {
    /// A text in the midst of a line, or at its beginning.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars { result += escaped(scalar) }
        // A dot or a quote that begins a line would make a request of it.
        return result.hasPrefix(".") ? "\\&" + result : result
    }

    /// A text in bold.
    static func bold(_ text: String) -> String { "\\fB\(self.text(text))\\fR" }

    /// A text in italics.
    static func italic(_ text: String) -> String { "\\fI\(self.text(text))\\fR" }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": "\\(rs"
        case "-": "\\-"
        case "'": "\\(aq"
        case "\"": "\\(dq"
        case "`": "\\(ga"
        case "^": "\\(ha"
        case "~": "\\(ti"
        case "\n": " "
        case _ where scalar.isASCII: String(scalar)
        default: "\\[u\(hexadecimal(scalar.value))]"
        }
    }

    /// At least four digits, as groff names characters.
    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
