/// The extents of a tensor, outermost axis first; a scalar has none.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The extent of every axis; none is negative.
    public let dimensions: [Int]

    /// Creates a shape from extents, none of them negative.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "a negative extent in shape \(dimensions)")
        self.dimensions = dimensions
    }

    /// Creates a shape from a literal list of extents.
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of the extents, 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    /// The extent of an axis; a negative one counts from the end.
    public subscript(axis: Int) -> Int {
        dimensions[axis < 0 ? axis + rank : axis]
    }

    /// The strides, in elements, of a contiguous row-major tensor of this shape.
    public var contiguousStrides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    /// The shape that two shapes broadcast to, or nil if they do not.
    ///
    /// Aligned at their last axes, extents must agree or be 1 (the rule of NumPy and PyTorch).
    public func broadcast(with other: Shape) -> Shape? {
        var extents: [Int] = []
        for back in 0..<max(rank, other.rank) {
            let left = back < rank ? dimensions[rank - 1 - back] : 1
            let right = back < other.rank ? other.dimensions[other.rank - 1 - back] : 1
            guard left == right || left == 1 || right == 1 else { return nil }
            extents.append(left == 1 ? right : left)
        }
        return Shape(extents.reversed())
    }

    /// The shape as `[2, 3]`.
    public var description: String { "\(dimensions)" }
}
