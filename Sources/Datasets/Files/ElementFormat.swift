/// How a file writes the elements of an array: kind, width and byte order.
struct ElementFormat: Equatable {
    /// What the elements are.
    enum Kind: Equatable {
        case bool
        case signed
        case unsigned
        case float
        /// Text of at most so many characters of 32 bits, padded by zeros.
        case text
    }

    let kind: Kind
    /// The bytes of one element.
    let byteCount: Int
    let isBigEndian: Bool

    /// The name people know it by: `int64`, `big-endian float32`.
    var name: String {
        let order = isBigEndian && byteCount > 1 ? "big-endian " : ""
        switch kind {
        case .bool: return "bool"
        case .signed: return "\(order)int\(byteCount * 8)"
        case .unsigned: return "\(order)uint\(byteCount * 8)"
        case .float: return "\(order)float\(byteCount * 8)"
        case .text: return "\(order)text of \(byteCount / 4) characters"
        }
    }
}
