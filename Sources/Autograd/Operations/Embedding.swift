import Kernels
import Tensors

/// Rows of a table, looked up by number.
final class Embedding: Operation {
    let indices: Indices
    private let width: Int

    init(_ table: Variable, _ indices: Indices) {
        self.indices = indices
        width = table.shape[1]
        super.init(name: "embedding", inputs: [table])
    }

    override var givesZeros: Bool { inputs[0].operation?.givesZeros == true }

    override func forward(_ output: Tensor) {
        let table = inputs[0].value
        indices.require(below: table.shape[0], name)
        lockstep_gather_rows(output.pointer, table.pointer, indices.pointer, indices.count, width)
    }

    override func backward(_ output: Variable) {
        let table = inputs[0]
        if !table.beginGradient() { table.clearGradient() }
        lockstep_scatter_add_rows(
            table.gradient.pointer, output.gradient.pointer, indices.pointer, indices.count, width)
    }
}

extension Variable {
    /// The rows of a table that indices name.
    ///
    /// Gradients of a row looked up several times are added in the order of the indices. The product of one-hot rows
    /// with a matrix is this look-up.
    ///
    /// - Parameters:
    ///   - table: [n, d].
    ///   - indices: of any shape, each in 0..<n.
    /// - Returns: the shape of the indices, followed by d.
    /// - Throws: `ShapeError` if the table has not two axes or an index is out of range.
    public static func embedding(_ table: Variable, _ indices: Indices) throws -> Variable {
        guard table.shape.rank == 2 else {
            throw ShapeError("embedding", [table.shape, indices.shape], "the table needs two axes, [n, d]")
        }
        try indices.check(below: table.shape[0], "embedding", [table.shape, indices.shape])
        return Variable(
            recording: Embedding(table.contiguous(), indices),
            shape: Shape(indices.shape.dimensions + [table.shape[1]]))
    }
}
