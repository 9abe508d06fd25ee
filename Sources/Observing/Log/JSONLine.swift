/// A JSON object on one line, written field by field into bytes that are used again.
///
/// Numbers that are not finite are null, since JSON has none.
struct JSONLine {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// Begins a new object in the same memory.
    mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    /// Ends the object and its line.
    mutating func end() {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes a text.
    mutating func add(_ key: StaticString, _ value: String) {
        name(key)
        append(quoting: value)
    }

    /// Writes texts.
    mutating func add(_ key: StaticString, _ values: [String]) {
        name(key)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(quoting: value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes a number; nil is null.
    mutating func add(_ key: StaticString, _ value: Double?) {
        name(key)
        if let value, value.isFinite { append("\(value)") } else { append("null") }
    }

    /// Writes a whole number; nil is null.
    mutating func add(_ key: StaticString, _ value: Int?) {
        name(key)
        if let value { append("\(value)") } else { append("null") }
    }

    /// Writes a truth.
    mutating func add(_ key: StaticString, _ value: Bool) {
        name(key)
        append(value ? "true" : "false")
    }

    /// Writes a time with six decimal places, never in the form with an exponent.
    mutating func add(_ key: StaticString, seconds value: Double) {
        name(key)
        let microseconds = (value * 1e6).rounded()
        guard let whole = Int(exactly: microseconds) else { return append("null") }
        let fraction = "\(whole.magnitude % 1_000_000)"
        append((whole < 0 ? "-" : "") + "\(whole.magnitude / 1_000_000).")
        append(String(repeating: "0", count: 6 - fraction.count) + fraction)
    }

    /// Writes thousandths as a number with three decimal places: nanoseconds as microseconds.
    mutating func add(_ key: StaticString, thousandths value: Int) {
        name(key)
        let rest = value % 1000
        append("\(value / 1000).\(rest < 100 ? "0" : "")\(rest < 10 ? "0" : "")\(rest)")
    }

    /// Writes an object within this one.
    mutating func add(_ key: StaticString, _ body: (inout JSONLine) -> Void) {
        name(key)
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    /// A key is a word, and needs no escapes.
    private mutating func name(_ key: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(quoting text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): append("\\n")
            case 0..<0x20:
                append("\\u00")
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
