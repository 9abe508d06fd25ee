import Kernels

/// Memory for what is not zero in a matrix, row by row; see `LockstepSparse`.
///
/// Allocates once, for as many elements as will ever be gathered. Not thread-safe.
public final class SparseRows {
    /// The elements gathered last; hand it to the kernels.
    public var matrix: LockstepSparse
    /// The most elements that can be gathered.
    public let limit: Int
    /// The rows and the width that there is room for.
    private let rows: Int
    private let width: Int

    /// Allocates memory for `limit` elements of a matrix [rows, width]; nothing is gathered yet.
    public init(rows: Int, width: Int, limit: Int) {
        (self.limit, self.rows, self.width) = (limit, rows, width)
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

    /// Gathers what is not zero in a matrix of at most as many rows as there is room for, which lie `stride` apart.
    ///
    /// - Parameter limit: how many elements may be gathered, at most as many as there is room for.
    /// - Returns: whether there were no more.
    public func gather(_ values: UnsafePointer<Float>, rows: Int, stride: Int, limit: Int) -> Bool {
        precondition(0...self.rows ~= rows && limit <= self.limit, "a matrix that there is no room for")
        matrix.rows = rows
        return lockstep_sparse_gather(&matrix, values, stride, limit)
    }

    /// Gathers the transpose of another, whose rows are at most as many as the width there is room for.
    public func gather(transposing other: SparseRows) {
        precondition(other.matrix.rows <= width && other.matrix.width == rows, "a matrix that there is no room for")
        matrix.width = other.matrix.rows
        lockstep_sparse_transpose(&matrix, &other.matrix)
    }
}
