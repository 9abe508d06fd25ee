import Kernels
import Tensors

/// Rows of a table, looked up by number.
final class Embedding: Operation {
    private let indices: Indices
    /// What the indices are made of anew at each replay, if they are those of beginnings.
    private let beginnings: SharedBeginnings?
    private let width: Int

    private init(_ table: Variable, _ indices: Indices, of beginnings: SharedBeginnings? = nil) {
        self.indices = indices
        self.beginnings = beginnings
        width = table.shape[1]
        super.init(name: "embedding", inputs: [table])
    }

    /// Looks up in a contiguous table.
    static func record(_ table: Variable, _ indices: Indices, of beginnings: SharedBeginnings?) -> Variable {
        Variable(
            recording: Embedding(table, indices, of: beginnings),
            shape: Shape(indices.shape.dimensions + [table.shape[1]]))
    }

    /// The same look-up in another contiguous table of as many rows.
    func applied(to table: Variable) -> Variable { Self.record(table, indices, of: beginnings) }

    override var givesZeros: Bool { inputs[0].operation?.givesZeros == true }
    override var rowCount: RowCount? { beginnings?.rowCount }
    override var keepsToRowsInUse: Bool { true }

    private var count: Int { rowCount?.value ?? indices.count }

    override func forward(_ output: Tensor) {
        beginnings?.update()
        let table = inputs[0]
        indices.require(below: table.rowsInUse, name, count: count)
        lockstep_gather_rows(output.pointer, table.value.pointer, indices.pointer, count, width)
    }

    override func backward(_ output: Variable) {
        let table = inputs[0]
        if !table.beginGradient() { table.clearGradient() }
        lockstep_scatter_add_rows(table.gradient.pointer, output.gradient.pointer, indices.pointer, count, width)
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
        try lookUp(table, indices)
    }

    /// The rows of a table for the last symbols of beginnings, [.., d] with a row for each beginning.
    ///
    /// - Throws: `ShapeError` if the table has not two axes or too few rows.
    public static func embedding(_ table: Variable, symbolsOf beginnings: SharedBeginnings) throws -> Variable {
        try lookUp(table, beginnings.symbols, of: beginnings)
    }

    /// The rows of a table for the last positions of beginnings, [.., d] with a row for each beginning.
    ///
    /// - Throws: `ShapeError` if the table has not two axes or too few rows.
    public static func embedding(_ table: Variable, positionsOf beginnings: SharedBeginnings) throws -> Variable {
        try lookUp(table, beginnings.positions, of: beginnings)
    }

    /// What this variable over beginnings, [.., d], has for each position of their rows of symbols: [rows, length, d].
    public func spread(over beginnings: SharedBeginnings) throws -> Variable {
        precondition(rowCount === beginnings.rowCount, "a variable over other beginnings")
        return try .lookUp(self, beginnings.places)
    }

    private static func lookUp(
        _ table: Variable, _ indices: Indices, of beginnings: SharedBeginnings? = nil
    ) throws -> Variable {
        guard table.shape.rank == 2 else {
            throw ShapeError("embedding", [table.shape, indices.shape], "the table needs two axes, [n, d]")
        }
        try indices.check(below: table.shape[0], "embedding", [table.shape, indices.shape])
        return Embedding.record(table.contiguous(), indices, of: beginnings)
    }
}
