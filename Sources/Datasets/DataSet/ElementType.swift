/// The type of the elements of a data array; the raw value is its name in safetensors files.
public enum ElementType: String, Sendable, CaseIterable {
    /// Unsigned bytes.
    case uint8 = "U8"
    /// Signed integers of 32 bits, little-endian.
    case int32 = "I32"
    /// IEEE 754 numbers of 32 bits, little-endian.
    case float32 = "F32"

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .uint8: 1
        case .int32, .float32: 4
        }
    }
}
