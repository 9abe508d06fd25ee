import Kernels
import Tensors

/// What is not zero in a factor of products, by rows and by columns, for factors that are mostly zeros.
///
/// The images of digits are four fifths zeros, and so are states behind a ReLU once they have learned: products that skip
/// them take a third of the time. Whether they are skipped is a function of the factor alone, so that it is the same in
/// every worker.
final class SparseFactor {
    /// The least extents of what is multiplied for which it is worth a look.
    static let leastExtent = 64
    /// How many elements of a hundred may be other than 0.
    static let density = 40

    private let byRows: SparseRows
    /// Made when it is first asked for: a gradient's never is.
    private lazy var byColumns = SparseRows(rows: byRows.matrix.width, width: rows, limit: byRows.limit)
    /// The most rows of a factor.
    private let rows: Int

    /// Memory for the factors of a layout, or of fewer rows; nil if they are not worth a look.
    ///
    /// - Parameter width: the columns of the other factor.
    init?(_ layout: MatrixLayout, timesColumns width: Int) {
        guard layout.columns >= Self.leastExtent, width >= Self.leastExtent, !layout.isTransposed, layout.rows > 0,
            layout.rows * layout.columns < Int(Int32.max) / 100
        else { return nil }
        rows = layout.rows
        byRows = SparseRows(rows: rows, width: layout.columns, limit: Self.limit(layout))
    }

    /// Looks at a factor; false if too little of it is zero.
    func gather(_ factor: UnsafePointer<Float>, _ layout: MatrixLayout) -> Bool {
        precondition(layout.rows <= rows && layout.columns == byRows.matrix.width, "a factor that there is no room for")
        return byRows.gather(factor, rows: layout.rows, stride: layout.leading, limit: Self.limit(layout))
    }

    private static func limit(_ layout: MatrixLayout) -> Int { layout.rows * layout.columns * density / 100 }

    /// Writes c = end(a·b), with c not transposed, and without the zeros of a where there are many.
    ///
    /// - Parameter factor: memory for what is not zero in a, or nil if it is not worth a look.
    /// - Returns: whether zeros were left out; then a is gathered.
    @discardableResult
    static func multiply(
        _ factor: SparseFactor?, _ a: UnsafePointer<Float>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Float>,
        _ bLayout: MatrixLayout, into c: UnsafeMutablePointer<Float>, _ cLayout: MatrixLayout, _ end: LockstepProductEnd
    ) -> Bool {
        guard let factor, factor.gather(a, aLayout) else {
            MatrixProduct.multiply(a, aLayout, b, bLayout, into: c, cLayout, end)
            return false
        }
        factor.multiply(b, bLayout, into: c, cLayout, end)
        return true
    }

    /// Writes c = end(a·b), with c not transposed, and a gathered last.
    func multiply(
        _ b: UnsafePointer<Float>, _ bLayout: MatrixLayout, into c: UnsafeMutablePointer<Float>,
        _ cLayout: MatrixLayout, _ end: LockstepProductEnd
    ) {
        lockstep_sparse_product(
            c, cLayout.leading, &byRows.matrix, bLayout.matrix(at: b), bLayout.columns, end, false)
    }

    /// Writes c = bᵀ·a, or adds it, c += bᵀ·a, with a gathered last.
    func multiplyTransposed(
        _ b: UnsafePointer<Float>, _ bLayout: MatrixLayout, into c: UnsafeMutablePointer<Float>,
        _ cLayout: MatrixLayout, accumulate: Bool
    ) {
        byColumns.gather(transposing: byRows)
        lockstep_sparse_product(
            c, cLayout.leading, &byColumns.matrix, bLayout.matrix(at: b), bLayout.columns,
            LockstepProductEnd(addingTo: c, cLayout, accumulate: accumulate), !cLayout.isTransposed)
    }
}
