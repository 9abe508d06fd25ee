/// An operation was given tensors whose shapes it cannot work with.
public struct ShapeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The operation, as the user calls it.
    public let operation: String
    /// The shapes it was given, in the order of its arguments.
    public let shapes: [Shape]
    /// What it needs instead.
    public let requirement: String

    /// Creates an error from the operation's name, the shapes it was given, and what it needs instead.
    public init(_ operation: String, _ shapes: [Shape], _ requirement: String) {
        self.operation = operation
        self.shapes = shapes
        self.requirement = requirement
    }

    /// One line that names the operation and the shapes.
    public var description: String {
        "\(operation): \(shapes.map(\.description).joined(separator: " and ")): \(requirement)"
    }
}
