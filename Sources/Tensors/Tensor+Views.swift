extension Tensor {
    /// The same elements in another shape of as many; nil if the tensor is not contiguous or the counts differ.
    public func reshaped(to shape: Shape) -> Tensor? {
        guard isContiguous, shape.count == count else { return nil }
        return Tensor(storage: storage, offset: offset, shape: shape, strides: shape.contiguousStrides)
    }

    /// The tensor with its axes in another order; `order` is a permutation of 0..<rank.
    public func permuted(_ order: [Int]) -> Tensor {
        precondition(order.sorted() == Array(0..<shape.rank), "\(order) is no order of \(shape.rank) axes")
        return Tensor(
            storage: storage, offset: offset, shape: Shape(order.map { shape.dimensions[$0] }),
            strides: order.map { strides[$0] })
    }

    /// The part of the tensor whose index along `axis` lies in `range`.
    public func sliced(_ axis: Int, _ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape.dimensions[axis], "a slice outside the tensor")
        var dimensions = shape.dimensions
        dimensions[axis] = range.count
        return Tensor(
            storage: storage, offset: offset + range.lowerBound * strides[axis], shape: Shape(dimensions),
            strides: strides)
    }

    /// The tensor repeated along axes of extent 1, and along new outer axes, without copying; nil if it does not fit.
    public func broadcast(to target: Shape) -> Tensor? {
        guard shape.broadcast(with: target) == target else { return nil }
        let missing = target.rank - shape.rank
        let newStrides = (0..<target.rank).map { axis -> Int in
            guard axis >= missing else { return 0 }
            return shape.dimensions[axis - missing] == 1 && target.dimensions[axis] != 1 ? 0 : strides[axis - missing]
        }
        return Tensor(storage: storage, offset: offset, shape: target, strides: newStrides)
    }
}
