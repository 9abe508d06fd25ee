import Kernels

/// Products of float32 matrices, on the calling thread; see `lockstep_product` for what its bits depend on.
enum MatrixProduct {
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
        multiply(
            a, aLayout, b, bLayout, into: c, cLayout,
            LockstepProductEnd(addingTo: c, cLayout, accumulate: accumulate))
    }

    /// Writes a product with a triangle in it into a matrix that is not transposed, c = a·b, or adds it, c += a·b.
    static func multiply(
        _ a: UnsafePointer<Float>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Float>, _ bLayout: MatrixLayout,
        into c: UnsafeMutablePointer<Float>, _ cLayout: MatrixLayout, _ triangle: LockstepTriangle,
        accumulate: Bool = false
    ) {
        requireFit(aLayout, bLayout, cLayout)
        lockstep_triangular_product(
            c, cLayout.leading, aLayout.matrix(at: a), bLayout.matrix(at: b), cLayout.rows, cLayout.columns,
            aLayout.columns, triangle, LockstepProductEnd(addingTo: c, cLayout, accumulate: accumulate))
    }

    /// Writes the product of two matrices into a third, which is not transposed, c = end(a·b).
    static func multiply(
        _ a: UnsafePointer<Float>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Float>, _ bLayout: MatrixLayout,
        into c: UnsafeMutablePointer<Float>, _ cLayout: MatrixLayout, _ end: LockstepProductEnd
    ) {
        requireFit(aLayout, bLayout, cLayout)
        lockstep_product(
            c, cLayout.leading, aLayout.matrix(at: a), bLayout.matrix(at: b), cLayout.rows, cLayout.columns,
            aLayout.columns, end)
    }

    private static func requireFit(_ a: MatrixLayout, _ b: MatrixLayout, _ c: MatrixLayout) {
        precondition(
            a.columns == b.rows && c.rows == a.rows && c.columns == b.columns && !c.isTransposed,
            "a product of matrices that do not fit")
    }
}

extension LockstepProductEnd {
    /// Nothing, or to be added to what is where the product is stored.
    init(addingTo c: UnsafeMutablePointer<Float>, _ layout: MatrixLayout, accumulate: Bool) {
        self.init(addend: accumulate ? UnsafePointer(c) : nil, addendStride: layout.leading, bias: nil, relu: false)
    }
}
