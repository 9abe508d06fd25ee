/// A number in a report: null in JSON where it was not measured or is not finite.
@propertyWrapper
public struct Measured: Codable, Sendable, Equatable {
    private var value: Double?

    /// The number; nil if it was not measured or is not finite.
    public var wrappedValue: Double? {
        get { value }
        set { value = newValue.flatMap { $0.isFinite ? $0 : nil } }
    }

    /// Creates a number; one that is not finite becomes nil.
    public init(wrappedValue: Double?) {
        self.wrappedValue = wrappedValue
    }

    /// Reads a number or null.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self.init(wrappedValue: container.decodeNil() ? nil : try container.decode(Double.self))
    }

    /// Writes the number, or null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}
