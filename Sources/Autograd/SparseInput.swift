import Kernels
import Tensors

/// What is not zero in an input of a linear layer, by rows and by columns, for inputs that are mostly zeros.
///
/// The images of digits are four fifths zeros: products that skip them take a third of the time. Whether they are skipped
/// is a function of the input alone, so that it is the same in every worker.
final class SparseInput {
    /// The least extent of a row for which it is worth a look.
    static let leastWidth = 64
    /// Up to one element of so many may be other than 0.
    static let sparsity = 3

    private let limit: Int
    private let stride: Int
    private var byRows: LockstepSparse
    private var byColumns: LockstepSparse

    /// Memory for the inputs of a layout; nil if they are not worth a look.
    init?(_ layout: MatrixLayout) {
        guard layout.columns >= Self.leastWidth, !layout.isTransposed, layout.rows > 0,
            layout.rows * layout.columns < Int(Int32.max)
        else { return nil }
        limit = layout.rows * layout.columns / Self.sparsity
        stride = layout.leading
        byRows = Self.allocate(rows: layout.rows, width: layout.columns, room: limit + layout.columns)
        byColumns = Self.allocate(rows: layout.columns, width: layout.rows, room: limit)
    }

    deinit {
        for sparse in [byRows, byColumns] {
            sparse.values.deallocate()
            sparse.columns.deallocate()
            sparse.starts.deallocate()
        }
    }

    private static func allocate(rows: Int, width: Int, room: Int) -> LockstepSparse {
        LockstepSparse(
            values: .allocate(capacity: room), columns: .allocate(capacity: room),
            starts: .allocate(capacity: rows * lockstep_sparse_parts(width) + 1), rows: rows, width: width)
    }

    /// Looks at an input; false if too little of it is zero.
    func gather(_ input: UnsafePointer<Float>) -> Bool {
        lockstep_sparse_gather(&byRows, input, stride, limit)
    }

    /// end(x·Wᵀ) for the input gathered last.
    func multiply(
        _ weight: UnsafePointer<Float>, _ weightLayout: MatrixLayout, into output: UnsafeMutablePointer<Float>,
        _ outputLayout: MatrixLayout, _ end: LockstepProductEnd
    ) {
        lockstep_sparse_product(
            output, outputLayout.leading, &byRows, weightLayout.transposed.matrix(at: weight), weightLayout.rows, end,
            false)
    }

    /// dW = Gᵀ·x, or dW += Gᵀ·x, for the input gathered last.
    func multiplyTransposed(
        _ gradient: UnsafePointer<Float>, _ gradientLayout: MatrixLayout,
        into weightGradient: UnsafeMutablePointer<Float>, _ weightLayout: MatrixLayout, accumulate: Bool
    ) {
        lockstep_sparse_transpose(&byColumns, &byRows)
        let end = LockstepProductEnd(
            addend: accumulate ? UnsafePointer(weightGradient) : nil, addendStride: weightLayout.leading, bias: nil,
            relu: false)
        lockstep_sparse_product(
            weightGradient, weightLayout.leading, &byColumns, gradientLayout.matrix(at: gradient),
            gradientLayout.columns, end, !weightLayout.isTransposed)
    }
}
