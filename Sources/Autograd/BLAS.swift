import CBLAS
import Tensors

/// How a matrix lies in memory, in the terms of BLAS: row-major, or the transpose of a row-major matrix.
struct MatrixLayout {
    /// The number of rows and columns of the matrix as it is meant, after any transposition.
    let rows: Int32
    let columns: Int32
    /// The distance, in elements, between the stored rows.
    let leading: Int32
    /// Whether memory holds the transpose.
    let isTransposed: Bool

    /// The length from which on BLIS packs rows; it reads behind the matrix only up to 300.
    private static let packedLength = 512

    /// The layout of a matrix with the given strides; nil if BLAS cannot work with it without a copy.
    init?(rows: Int, columns: Int, rowStride: Int, columnStride: Int) {
        guard let narrowRows = Int32(exactly: rows), let narrowColumns = Int32(exactly: columns) else { return nil }
        let length: Int
        self.rows = narrowRows
        self.columns = narrowColumns
        if rows == 0 || columns == 0 {
            isTransposed = false
            leading = max(narrowColumns, 1)
            length = 0
        } else if columns <= 1 || columnStride == 1, rows <= 1 || rowStride >= max(columns, 1) {
            isTransposed = false
            guard let stride = Int32(exactly: rows <= 1 ? max(columns, 1) : rowStride) else { return nil }
            leading = stride
            length = columns
        } else if rows <= 1 || rowStride == 1, columns <= 1 || columnStride >= max(rows, 1) {
            isTransposed = true
            guard let stride = Int32(exactly: columns <= 1 ? max(rows, 1) : columnStride) else { return nil }
            leading = stride
            length = rows
        } else {
            return nil
        }
        // Two rows more must be readable where BLIS takes short ones without packing them (`Storage.readableSlack`).
        guard length >= Self.packedLength || 2 * Int(leading) * MemoryLayout<Float>.stride <= Storage.readableSlack
        else { return nil }
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

    private init(rows: Int32, columns: Int32, leading: Int32, isTransposed: Bool) {
        self.rows = rows
        self.columns = columns
        self.leading = leading
        self.isTransposed = isTransposed
    }

    /// The layout of the transpose in the same memory.
    var transposed: MatrixLayout {
        MatrixLayout(rows: columns, columns: rows, leading: leading, isTransposed: !isTransposed)
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

/// The only door to BLAS: products of float32 matrices, on the calling thread.
enum BLAS {
    /// Writes the product of two matrices into a third, c = a·b, or adds it, c += a·b.
    ///
    /// Extents may be 0; where the inner one is, the product is zeros. `c` overlaps neither factor.
    static func multiply(
        _ a: UnsafePointer<Float>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Float>, _ bLayout: MatrixLayout,
        into c: UnsafeMutablePointer<Float>, _ cLayout: MatrixLayout, accumulate: Bool
    ) {
        if cLayout.isTransposed {
            return multiply(
                b, bLayout.transposed, a, aLayout.transposed, into: c, cLayout.transposed, accumulate: accumulate)
        }
        precondition(
            aLayout.columns == bLayout.rows && cLayout.rows == aLayout.rows && cLayout.columns == bLayout.columns,
            "a product of matrices that do not fit")
        guard cLayout.rows > 0, cLayout.columns > 0 else { return }
        guard aLayout.columns > 0 else {
            if !accumulate {
                for row in 0..<Int(cLayout.rows) {
                    (c + row * Int(cLayout.leading)).update(repeating: 0, count: Int(cLayout.columns))
                }
            }
            return
        }
        cblas_sgemm(
            CblasRowMajor, aLayout.isTransposed ? CblasTrans : CblasNoTrans,
            bLayout.isTransposed ? CblasTrans : CblasNoTrans, cLayout.rows, cLayout.columns, aLayout.columns, 1, a,
            aLayout.leading, b, bLayout.leading, accumulate ? 1 : 0, c, cLayout.leading)
    }
}
