import Tensors

extension Variable {
    /// The same elements in another shape of as many; a view, or a view of a copy where this one is not contiguous.
    ///
    /// - Throws: `ShapeError` if the counts differ.
    public func reshaped(to shape: Shape) throws -> Variable {
        guard shape.count == self.shape.count else {
            throw ShapeError("reshaped", [self.shape, shape], "the number of elements must stay the same")
        }
        let base = contiguous()
        guard let view = base.value.reshaped(to: shape) else {
            preconditionFailure("a contiguous tensor can be reshaped")
        }
        return Variable(view: view, of: base, named: "reshaped")
    }

    /// A view in which the axis `from` stands at place `to`, the others keeping their order.
    ///
    /// - Throws: `ShapeError` if there is no such axis.
    public func movedim(from: Int, to: Int) throws -> Variable {
        let source = try shape.axis(from, "movedim")
        let destination = try shape.axis(to, "movedim")
        var order = Array(0..<shape.rank)
        order.insert(order.remove(at: source), at: destination)
        return Variable(view: value.permuted(order), of: self, named: "movedim")
    }

    /// A view with two axes exchanged; the last two unless told otherwise.
    ///
    /// - Throws: `ShapeError` if there is no such axis.
    public func transposed(_ a: Int = -2, _ b: Int = -1) throws -> Variable {
        let first = try shape.axis(a, "transposed")
        let second = try shape.axis(b, "transposed")
        var order = Array(0..<shape.rank)
        order.swapAt(first, second)
        return Variable(view: value.permuted(order), of: self, named: "transposed")
    }

    /// A view repeated along axes of extent 1, and along new outer axes.
    ///
    /// - Throws: `ShapeError` if this shape does not broadcast to the other.
    public func broadcast(to shape: Shape) throws -> Variable {
        guard let view = value.broadcast(to: shape) else {
            throw ShapeError(
                "broadcast", [self.shape, shape], "extents must agree or be 1, counted from the last axis")
        }
        return Variable(view: view, of: self, named: "broadcast")
    }

    /// A view of the part whose index along `axis` lies in `range`.
    ///
    /// - Throws: `ShapeError` if there is no such axis or the range leaves it.
    public func sliced(_ axis: Int, _ range: Range<Int>) throws -> Variable {
        let counted = try shape.axis(axis, "sliced")
        guard range.lowerBound >= 0, range.upperBound <= shape.dimensions[counted] else {
            throw ShapeError("sliced", [shape], "\(range) is no part of axis \(axis)")
        }
        return Variable(view: value.sliced(counted, range), of: self, named: "sliced")
    }
}
