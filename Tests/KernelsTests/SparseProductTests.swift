import Kernels
import Tensors
import Testing

/// Products that skip zeros, by every way this processor can go, against those that do not: equal to the bit.
@Suite struct SparseProductTests {
    /// A matrix of which one element in `spacing` is not zero.
    func mostlyZeros(_ count: Int, spacing: Int) -> [Float] {
        (0..<count).map { index in
            Int(sample(index, 9).bitPattern) % spacing == 0 ? sample(index, 1) : 0
        }
    }

    /// Compares c = end(a · b), and its transpose, with the product that multiplies zeros too.
    func check(_ rows: Int, _ columns: Int, _ width: Int, spacing: Int, variant: Int) {
        // Where a read beyond the end is seen.
        let stride = variant & 1 == 0 ? width : width + 2
        let a = MatrixProductTests.Factor(rows, stride, isTransposed: false, salt: 1)
        for (index, value) in mostlyZeros(rows * stride, spacing: spacing).enumerated() { a.values[index] = value }
        let b = MatrixProductTests.Factor(width, columns, isTransposed: variant & 1 != 0, salt: 2)
        let left = LockstepMatrix(values: a.values, rowStride: max(stride, 1), columnStride: 1)
        let isExchanged = variant & 2 != 0
        let (outer, inner) = isExchanged ? (columns, rows) : (rows, columns)
        let outStride = inner + 3
        let before = (0..<outer * outStride).map { sample($0, 4) }
        let bias = (0..<max(rows, columns)).map { sample($0, 3) }
        func product(_ body: (UnsafeMutablePointer<Float>, LockstepProductEnd) -> Void) -> [Float] {
            var result = before
            result.withUnsafeMutableBufferPointer { out in
                guard let start = out.baseAddress else { return }
                bias.withUnsafeBufferPointer { bias in
                    body(
                        start,
                        LockstepProductEnd(
                            addend: variant & 4 != 0 ? UnsafePointer(start) : nil, addendStride: outStride,
                            bias: variant & 8 != 0 ? bias.baseAddress : nil, relu: variant & 16 != 0))
                }
            }
            return result
        }
        let expected = product { out, end in
            if isExchanged {
                lockstep_product(
                    out, outStride, Self.transposed(b.matrix), Self.transposed(left), columns, rows, width, end)
            } else {
                lockstep_product(out, outStride, left, b.matrix, rows, columns, width, end)
            }
        }
        for way in MatrixProductTests.ways {
            let sparse = SparseRows(rows: rows, width: width, limit: rows * width)
            #expect(lockstep_sparse_gather_by(way, &sparse.matrix, a.values, stride, rows * width))
            let transposed = SparseRows(rows: width, width: rows, limit: rows * width)
            lockstep_sparse_transpose(&transposed.matrix, &sparse.matrix)
            checkTranspose(of: sparse, transposed)
            let actual = product { out, end in
                lockstep_sparse_product_by(
                    way, out, outStride, &sparse.matrix, b.matrix, columns, end, isExchanged)
            }
            #expect(
                actual == expected,
                "[\(rows), \(width)] · [\(width), \(columns)], variant \(variant), way \(way.rawValue)")
        }
    }

    static func transposed(_ matrix: LockstepMatrix) -> LockstepMatrix {
        LockstepMatrix(values: matrix.values, rowStride: matrix.columnStride, columnStride: matrix.rowStride)
    }

    /// Compares the transpose with one gathered from a transposed matrix.
    func checkTranspose(of sparse: SparseRows, _ transposed: SparseRows) {
        let (rows, width) = (sparse.matrix.rows, sparse.matrix.width)
        var columns = [Float](repeating: 0, count: width * rows)
        let parts = lockstep_sparse_parts(width)
        for row in 0..<rows {
            for entry in Int(sparse.matrix.starts[row * parts])..<Int(sparse.matrix.starts[(row + 1) * parts]) {
                columns[Int(sparse.matrix.columns[entry]) * rows + row] = sparse.matrix.values[entry]
            }
        }
        let expected = SparseRows(rows: width, width: rows, limit: rows * width)
        #expect(lockstep_sparse_gather(&expected.matrix, columns, rows, rows * width))
        let starts = width * lockstep_sparse_parts(rows) + 1
        let count = Int(expected.matrix.starts[starts - 1])
        func same<Value: Equatable>(_ a: UnsafeMutablePointer<Value>, _ b: UnsafeMutablePointer<Value>, _ count: Int)
            -> Bool
        {
            (0..<count).allSatisfy { a[$0] == b[$0] }
        }
        #expect(same(transposed.matrix.starts, expected.matrix.starts, starts))
        #expect(same(transposed.matrix.columns, expected.matrix.columns, count))
        #expect(same(transposed.matrix.values, expected.matrix.values, count))
    }

    @Test(arguments: 0...67) func allExtents(count: Int) {
        check(count, 19, 9, spacing: 3, variant: count % 32)
        check(5, count, 40, spacing: 5, variant: (count + 7) % 32)
        check(7, 33, count, spacing: 2, variant: (count + 13) % 32)
        check(count, 3 * count, 65, spacing: 4, variant: (count + 20) % 32)
    }

    @Test(arguments: 0..<32) func allLayoutsAndEnds(variant: Int) {
        check(33, 256, 784, spacing: 5, variant: variant)
        check(40, 70, 12, spacing: 1, variant: variant)
        check(9, 150, 66, spacing: 1000, variant: variant)
        check(3, 17, 0, spacing: 2, variant: variant)
    }

    @Test(arguments: [511, 512, 513, 1025, 1537]) func longSumsAreCutAlike(width: Int) {
        check(3, 5, width, spacing: 3, variant: 4 + 8)
        check(15, 140, width, spacing: 3, variant: 1 + 2)
        check(4, 33, width, spacing: 3, variant: 2 + 16)
        // The transpose has long rows then.
        check(width, 7, 9, spacing: 3, variant: 0)
    }

    @Test func tooMuchIsNotGathered() {
        let sparse = SparseRows(rows: 4, width: 100, limit: 120)
        var matrix = [Float](repeating: 0, count: 400)
        for index in 0..<120 { matrix[index * 3] = 1 }
        #expect(lockstep_sparse_gather(&sparse.matrix, matrix, 100, 120))
        matrix[399] = 1
        matrix[398] = 1
        #expect(!lockstep_sparse_gather(&sparse.matrix, matrix, 100, 120))
        // No more than the limit, but most of it in the first row.
        matrix = (0..<400).map { $0 < 60 ? 1 : 0 }
        #expect(!lockstep_sparse_gather(&sparse.matrix, matrix, 100, 120))
    }
}
