import Kernels
import Tensors

/// Integers of a shape, such as classes, letters or rows to look up: a leaf without gradient.
///
/// Operations keep the object and read it at every replay, so write new values in place. Recording an operation checks
/// their range and throws; a replay traps on values out of range. Not thread-safe.
public final class Indices {
    /// The extents.
    public let shape: Shape
    /// The first value; all of them lie in row-major order.
    public let pointer: UnsafeMutablePointer<Int32>
    /// The number of values.
    public var count: Int { shape.count }

    /// Copies values in row-major order; as many as the shape holds.
    public init(_ values: [Int32], shape: Shape) {
        precondition(values.count == shape.count, "\(values.count) indices for shape \(shape)")
        self.shape = shape
        pointer = .allocate(capacity: max(values.count, 1))
        for (index, value) in values.enumerated() { (pointer + index).initialize(to: value) }
    }

    /// Allocates zeros.
    public init(zeros shape: Shape) {
        self.shape = shape
        pointer = .allocate(capacity: max(shape.count, 1))
        pointer.initialize(repeating: 0, count: max(shape.count, 1))
    }

    deinit {
        pointer.deallocate()
    }

    /// The values in row-major order, copied.
    public var values: [Int32] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// Throws unless every value lies in 0..<bound.
    func check(below bound: Int, _ operation: String, _ shapes: [Shape]) throws {
        guard lockstep_indices_are_below(pointer, count, Int64(bound)) else {
            throw ShapeError(operation, shapes, "indices must lie in 0..<\(bound)")
        }
    }

    /// Traps unless every value, or of the first `count`, lies in 0..<bound.
    func require(below bound: Int, _ operation: String, count: Int? = nil) {
        let areBelow = lockstep_indices_are_below(pointer, count ?? self.count, Int64(bound))
        precondition(areBelow, "\(operation): indices must lie in 0..<\(bound)")
    }
}
