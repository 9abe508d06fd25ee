/// A value of a configuration: what JSON5 can say, without objects and null.
public indirect enum ConfigurationValue: Sendable, Equatable {
    /// True or false.
    case bool(Bool)
    /// A whole number; a number written with a point or an exponent counts as whole if it is, up to 2⁵³.
    case integer(Int)
    /// Any other finite number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case list([ConfigurationValue])
}

extension ConfigurationValue {
    /// The value for a message: what kind it is, and the value itself if it is short.
    var summary: String {
        switch self {
        case .bool(let value): "\(value)"
        case .integer(let value): "the number \(value)"
        case .number(let value): "the number \(value)"
        case .string(let value): value.count <= 40 ? "the text '\(value)'" : "a text of \(value.count) characters"
        case .list(let values): "a list of \(values.count)"
        }
    }

    /// Appends the value as JSON, in the one form that it has.
    func appendCanonicalJSON(to text: inout String) {
        switch self {
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.description
        case .string(let value): ConfigurationValue.appendQuoted(value, to: &text)
        case .list(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.appendCanonicalJSON(to: &text)
            }
            text += "]"
        }
    }

    /// Appends a string as JSON writes it: only what must be escaped is.
    static func appendQuoted(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
