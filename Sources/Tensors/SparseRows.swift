import Kernels

/// Memory for what is not zero in a matrix, row by row; see `LockstepSparse`.
///
/// Allocates once, for as many elements as will ever be gathered. Not thread-safe.
public final class SparseRows {
    /// The elements gathered last; hand it to the kernels.
    public var matrix: LockstepSparse
    /// The most elements that can be gathered.
    public let limit: Int

    /// Allocates memory for `limit` elements of a matrix [rows, width]; nothing is gathered yet.
    public init(rows: Int, width: Int, limit: Int) {
        self.limit = limit
        let room = limit + width + Int(LOCKSTEP_SPARSE_SLACK)
        matrix = LockstepSparse(
            values: .allocate(capacity: room), columns: .allocate(capacity: room),
            starts: .allocate(capacity: rows * lockstep_sparse_parts(width) + 1), rows: rows, width: width)
    }

    deinit {
        matrix.values.deallocate()
        matrix.columns.deallocate()
        matrix.starts.deallocate()
    }

    /// Gathers what is not zero in a matrix whose rows lie `stride` apart; false if that is too much.
    public func gather(_ values: UnsafePointer<Float>, stride: Int) -> Bool {
        lockstep_sparse_gather(&matrix, values, stride, limit)
    }

    /// Gathers the transpose of another.
    public func gather(transposing other: SparseRows) {
        lockstep_sparse_transpose(&matrix, &other.matrix)
    }
}
