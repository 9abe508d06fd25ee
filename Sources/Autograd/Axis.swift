import Tensors

extension Shape {
    /// The axis counted from the front; a negative one counts from the end.
    func axis(_ axis: Int, _ operation: String) throws -> Int {
        let counted = axis < 0 ? axis + rank : axis
        guard counted >= 0, counted < rank else {
            throw ShapeError(operation, [self], "there is no axis \(axis)")
        }
        return counted
    }

    /// The shape with another extent of one axis.
    func replacing(_ axis: Int, by extent: Int) -> Shape {
        var extents = dimensions
        extents[axis] = extent
        return Shape(extents)
    }

    /// The number of rows of the matrix that results when all axes but the last are flattened.
    var rows: Int { dimensions.dropLast().reduce(1, *) }
}
