import Kernels

/// Products of float32 matrices, on the calling thread; see `lockstep_product` for what its bits depend on.
enum MatrixProduct {
    /// Writes the product of two matrices into a third, c = a·b, or adds it, c += a·b.
    ///
    /// Extents may be 0; where the inner one is, the product is zeros. `c` overlaps neither factor nor bias.
    ///
    /// - Parameters:
    ///   - addend: a contiguous matrix that is added to the result, instead of what is in `c`; `c` is contiguous then.
    ///   - bias: added to every row of the result, or nil; `c` is then not transposed.
    ///   - relu: whether the maximum of 0 and the result is written.
    static func multiply(
        _ a: UnsafePointer<Float>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Float>, _ bLayout: MatrixLayout,
        into c: UnsafeMutablePointer<Float>, _ cLayout: MatrixLayout, accumulate: Bool,
        addend: UnsafePointer<Float>? = nil, bias: UnsafePointer<Float>? = nil, relu: Bool = false
    ) {
        if cLayout.isTransposed {
            precondition(addend == nil && bias == nil, "rows to add to columns")
            return multiply(
                b, bLayout.transposed, a, aLayout.transposed, into: c, cLayout.transposed, accumulate: accumulate,
                relu: relu)
        }
        precondition(
            aLayout.columns == bLayout.rows && cLayout.rows == aLayout.rows && cLayout.columns == bLayout.columns,
            "a product of matrices that do not fit")
        lockstep_product(
            c, cLayout.leading, aLayout.matrix(at: a), bLayout.matrix(at: b), cLayout.rows, cLayout.columns,
            aLayout.columns,
            LockstepProductEnd(
                addend: accumulate ? UnsafePointer(c) : addend, addendStride: cLayout.leading, bias: bias, relu: relu))
    }
}
