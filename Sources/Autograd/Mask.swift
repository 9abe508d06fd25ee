import Tensors

/// Flags of a shape, one byte each; what is not 0 is masked.
///
/// Operations keep the object and read it at every replay, so it may be written in place. Not thread-safe.
public final class Mask {
    /// The extents, which broadcast to those of the variable that is masked.
    public let shape: Shape
    /// The first flag; all of them lie in row-major order.
    public let pointer: UnsafeMutablePointer<UInt8>
    /// The number of flags.
    public var count: Int { shape.count }

    /// Copies flags in row-major order; as many as the shape holds.
    public init(_ flags: [Bool], shape: Shape) {
        precondition(flags.count == shape.count, "\(flags.count) flags for shape \(shape)")
        self.shape = shape
        pointer = .allocate(capacity: max(flags.count, 1))
        for (index, flag) in flags.enumerated() { (pointer + index).initialize(to: flag ? 1 : 0) }
    }

    /// One flag everywhere.
    public init(repeating flag: Bool, shape: Shape) {
        self.shape = shape
        pointer = .allocate(capacity: max(shape.count, 1))
        pointer.initialize(repeating: flag ? 1 : 0, count: max(shape.count, 1))
    }

    deinit {
        pointer.deallocate()
    }

    /// The mask [size, size] that hides from each row the columns behind its own number: what comes later in time.
    public static func causal(_ size: Int) -> Mask {
        Mask((0..<size * size).map { $0 % size > $0 / size }, shape: [size, size])
    }
}
