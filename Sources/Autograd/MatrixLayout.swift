import Kernels
import Tensors

/// How a matrix lies in memory, such that products can be computed without a copy: its rows, or its columns, are runs.
struct MatrixLayout {
    /// The number of rows and columns of the matrix as it is meant, after any transposition.
    let rows: Int
    let columns: Int
    /// The distance, in elements, between the stored runs.
    let leading: Int
    /// Whether the runs are columns: memory holds the transpose.
    let isTransposed: Bool

    /// The layout of a matrix with the given strides; nil if neither rows nor columns are runs that do not overlap.
    init?(rows: Int, columns: Int, rowStride: Int, columnStride: Int) {
        if rows == 0 || columns == 0 {
            self.init(contiguous: rows, columns)
        } else if columns <= 1 || columnStride == 1, rows <= 1 || rowStride >= max(columns, 1) {
            self.init(
                rows: rows, columns: columns, leading: rows <= 1 ? max(columns, 1) : rowStride, isTransposed: false)
        } else if rows <= 1 || rowStride == 1, columns <= 1 || columnStride >= max(rows, 1) {
            self.init(
                rows: rows, columns: columns, leading: columns <= 1 ? max(rows, 1) : columnStride, isTransposed: true)
        } else {
            return nil
        }
    }

    /// The layout of a matrix whose rows lie one behind another.
    init(contiguous rows: Int, _ columns: Int) {
        self.init(rows: rows, columns: columns, leading: max(columns, 1), isTransposed: false)
    }

    /// The layout of the last two axes of a tensor.
    init?(lastAxesOf tensor: Tensor) {
        let rank = tensor.shape.rank
        self.init(
            rows: tensor.shape.dimensions[rank - 2], columns: tensor.shape.dimensions[rank - 1],
            rowStride: tensor.strides[rank - 2], columnStride: tensor.strides[rank - 1])
    }

    /// The layout of a tensor whose leading axes are flattened into rows, the last axis being the columns.
    init?(rowsOf tensor: Tensor) {
        let rank = tensor.shape.rank
        var rows = 1
        var rowStride = 0
        for axis in stride(from: rank - 2, through: 0, by: -1) where tensor.shape.dimensions[axis] != 1 {
            if rowStride == 0 {
                rowStride = tensor.strides[axis]
                guard rowStride > 0 else { return nil }
            } else if tensor.strides[axis] != rowStride * rows {
                return nil
            }
            rows *= tensor.shape.dimensions[axis]
        }
        self.init(
            rows: rows, columns: tensor.shape.dimensions[rank - 1], rowStride: rowStride,
            columnStride: tensor.strides[rank - 1])
    }

    /// The layout of a matrix whose rows are runs, which lie `leading` apart.
    init(rows: Int, columns: Int, leading: Int) {
        self.init(rows: rows, columns: columns, leading: leading, isTransposed: false)
    }

    private init(rows: Int, columns: Int, leading: Int, isTransposed: Bool) {
        self.rows = rows
        self.columns = columns
        self.leading = leading
        self.isTransposed = isTransposed
    }

    /// The layout of the transpose in the same memory.
    var transposed: MatrixLayout {
        MatrixLayout(rows: columns, columns: rows, leading: leading, isTransposed: !isTransposed)
    }

    /// The layout of the first rows.
    func first(_ count: Int) -> MatrixLayout {
        MatrixLayout(rows: count, columns: columns, leading: leading, isTransposed: isTransposed)
    }

    /// The matrix of this layout that begins at a place in memory.
    func matrix(at values: UnsafePointer<Float>) -> LockstepMatrix {
        LockstepMatrix(
            values: values, rowStride: isTransposed ? 1 : leading, columnStride: isTransposed ? leading : 1)
    }
}

extension Tensor {
    /// Where each matrix of the last two axes begins, the leading axes being broadcast to `batch`.
    func matrixOffsets(_ batch: Shape) -> [Int] {
        let leading = Tensor(
            storage: storage, offset: 0, shape: Shape(shape.dimensions.dropLast(2)), strides: strides.dropLast(2))
        guard let repeated = leading.broadcast(to: batch) else {
            preconditionFailure("\(leading.shape) does not broadcast to \(batch)")
        }
        var offsets: [Int] = []
        offsets.reserveCapacity(batch.count)
        repeated.forEachOffset { offsets.append($0) }
        return offsets
    }
}
