/// What can be written as JSON.
protocol JSONValue {
    func write(to json: inout JSONText)
}

extension JSONValue {
    /// The value as compact JSON.
    var json: [UInt8] {
        var text = JSONText()
        write(to: &text)
        return text.bytes
    }
}

extension Bool: JSONValue {
    func write(to json: inout JSONText) { json.append(self ? "true" : "false") }
}

extension Int: JSONValue {
    func write(to json: inout JSONText) { json.append(word: String(self)) }
}

extension UInt64: JSONValue {
    func write(to json: inout JSONText) { json.append(word: String(self)) }
}

extension Double: JSONValue {
    func write(to json: inout JSONText) { if isFinite { json.append(word: description) } else { json.append("null") } }
}

extension Float: JSONValue {
    func write(to json: inout JSONText) { if isFinite { json.append(word: description) } else { json.append("null") } }
}

extension String: JSONValue {
    func write(to json: inout JSONText) { json.append(quoted: self) }
}

extension Array: JSONValue where Element: JSONValue {
    func write(to json: inout JSONText) { json.array(self) { $1.write(to: &$0) } }
}

extension Optional: JSONValue where Wrapped: JSONValue {
    func write(to json: inout JSONText) { if let self { self.write(to: &json) } else { json.append("null") } }
}
