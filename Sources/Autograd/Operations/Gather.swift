import Kernels
import Tensors

/// Elements chosen along one axis by an index for each element of the result.
final class Gather: Operation {
    private let indices: Indices
    private let outer: Int
    private let outExtent: Int
    private let inExtent: Int
    private let inner: Int

    init(_ input: Variable, axis: Int, _ indices: Indices) {
        self.indices = indices
        outer = input.shape.dimensions[..<axis].reduce(1, *)
        inner = input.shape.dimensions[(axis + 1)...].reduce(1, *)
        inExtent = input.shape.dimensions[axis]
        outExtent = indices.shape.dimensions[axis]
        super.init(name: "gather", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        indices.require(below: inExtent, name)
        lockstep_gather(
            output.pointer, inputs[0].value.pointer, indices.pointer, outer, outExtent, inExtent, inner)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        if !input.beginGradient() { input.clearGradient() }
        lockstep_scatter_add(
            input.gradient.pointer, output.gradient.pointer, indices.pointer, outer, outExtent, inExtent, inner)
    }
}

extension Variable {
    /// For every place of the indices, the element at the same place but for `axis`, where the index tells.
    ///
    /// For axis 1 of three, result[i, j, k] = self[i, indices[i, j, k], k].
    ///
    /// - Throws: `ShapeError` if there is no such axis, another extent differs, or an index is out of range.
    public func gather(_ axis: Int, _ indices: Indices) throws -> Variable {
        let counted = try shape.axis(axis, "gather")
        guard indices.shape.rank == shape.rank,
            indices.shape.replacing(counted, by: 0) == shape.replacing(counted, by: 0)
        else {
            throw ShapeError("gather", [shape, indices.shape], "all extents but that of axis \(axis) must agree")
        }
        try indices.check(below: shape.dimensions[counted], "gather", [shape, indices.shape])
        return Variable(recording: Gather(contiguous(), axis: counted, indices), shape: indices.shape)
    }
}
