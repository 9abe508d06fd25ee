import Glibc
import Kernels
import Testing

/// Products by every way this processor can go, against plain loops of fused multiply-adds: equal to the bit.
@Suite struct MatrixProductTests {
    /// A matrix that ends where a page begins that must not be read: a product that reads behind it ends the process.
    final class Factor {
        let values: UnsafeMutablePointer<Float>
        private let memory: UnsafeMutableRawPointer
        private let size: Int
        let matrix: LockstepMatrix

        init(_ rows: Int, _ columns: Int, isTransposed: Bool, salt: Int) {
            let page = Int(sysconf(Int32(_SC_PAGESIZE)))
            let bytes = rows * columns * MemoryLayout<Float>.stride
            let pages = (bytes + page - 1) / page * page
            size = pages + page
            memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            mprotect(memory + pages, page, PROT_NONE)
            values = (memory + pages - bytes).bindMemory(to: Float.self, capacity: max(rows * columns, 1))
            for index in 0..<rows * columns { values[index] = sample(index, salt) }
            matrix = LockstepMatrix(
                values: values, rowStride: isTransposed ? 1 : max(columns, 1),
                columnStride: isTransposed ? max(rows, 1) : 1)
        }

        deinit { munmap(memory, size) }

        subscript(row: Int, column: Int) -> Float { values[row * matrix.rowStride + column * matrix.columnStride] }
    }

    /// The ways up to the widest one of this processor.
    static let ways = (0...lockstep_product_way().rawValue).map { LockstepProductWay(rawValue: $0) }

    /// Compares c = end(a · b) by all ways with the definition; `variant` counts through layouts and ends.
    func check(_ rows: Int, _ columns: Int, _ depth: Int, variant: Int) {
        let a = Factor(rows, depth, isTransposed: variant & 1 != 0, salt: 1)
        let b = Factor(depth, columns, isTransposed: variant & 2 != 0, salt: 2)
        let bias = (0..<columns).map { sample($0, 3) }
        let stride = columns + 3
        let before = (0..<rows * stride).map { sample($0, 4) }
        let other = (0..<rows * (columns + 5)).map { sample($0, 5) }
        var expected = before
        let parts = (depth + 511) / 512
        let part = parts == 0 ? 1 : (depth + parts - 1) / parts
        for row in 0..<rows {
            for column in 0..<columns {
                let place = row * stride + column
                var sum: Float? = nil
                if variant & 4 != 0 { sum = variant & 8 == 0 ? before[place] : other[row * (columns + 5) + column] }
                for front in Swift.stride(from: 0, to: depth, by: part) {
                    var chain: Float = 0
                    for index in front..<min(front + part, depth) {
                        chain = chain.addingProduct(a[row, index], b[index, column])
                    }
                    sum = sum.map { $0 + chain } ?? chain
                }
                var value = sum ?? 0
                if variant & 8 != 0 { value += bias[column] }
                if variant & 16 != 0 { value = value > 0 ? value : 0 }
                expected[place] = value
            }
        }
        for way in Self.ways {
            var actual = before
            actual.withUnsafeMutableBufferPointer { out in
                guard let start = out.baseAddress else { return }
                bias.withUnsafeBufferPointer { bias in
                    other.withUnsafeBufferPointer { other in
                        let isOther = variant & 8 != 0
                        let addend = isOther ? other.baseAddress : UnsafePointer(start)
                        let end = LockstepProductEnd(
                            addend: variant & 4 != 0 ? addend : nil, addendStride: isOther ? columns + 5 : stride,
                            bias: variant & 8 != 0 ? bias.baseAddress : nil, relu: variant & 16 != 0)
                        lockstep_product_by(
                            way, start, stride, a.matrix, b.matrix, rows, columns, depth, LOCKSTEP_RECTANGLE,
                            end)
                    }
                }
            }
            #expect(
                actual == expected,
                "[\(rows), \(depth)] · [\(depth), \(columns)], variant \(variant), way \(way.rawValue)")
        }
    }

    @Test(arguments: 0...67) func allExtents(count: Int) {
        check(count, 19, 9, variant: count % 32)
        check(5, count, 40, variant: (count + 7) % 32)
        check(7, 33, count, variant: (count + 13) % 32)
        check(count, 67 - count, 65, variant: (count + 20) % 32)
        check(count % 31, count, count + 33, variant: (count + 29) % 32)
    }

    @Test(arguments: 0..<32) func allLayoutsAndEnds(variant: Int) {
        check(15, 18, 65, variant: variant)
        check(33, 47, 12, variant: variant)
        check(9, 50, 66, variant: variant)
        check(3, 17, 0, variant: variant)
    }

    @Test(arguments: [511, 512, 513, 1025, 1537]) func longSumsAreCutAlike(depth: Int) {
        check(3, 5, depth, variant: 4 + 8)
        check(15, 17, depth, variant: 1)
        check(4, 33, depth, variant: 2 + 16)
    }

    @Test func anElementDependsOnItsRowAndColumnOnly() {
        let a = Factor(70, 100, isTransposed: false, salt: 1)
        let b = Factor(100, 50, isTransposed: true, salt: 2)
        var all = [Float](repeating: 0, count: 70 * 50)
        lockstep_product(&all, 50, a.matrix, b.matrix, 70, 50, 100, LockstepProductEnd())
        for rows in [1, 5, 14, 32, 33, 69] {
            var some = [Float](repeating: 0, count: rows * 50)
            lockstep_product(&some, 50, a.matrix, b.matrix, rows, 50, 100, LockstepProductEnd())
            #expect(some == Array(all[..<(rows * 50)]), "\(rows) rows")
        }
    }

    @Test(arguments: 0...67) func transposes(rows: Int) {
        for columns in [0, 1, 7, 8, 9, 33] {
            let matrix = Factor(rows, columns, isTransposed: false, salt: 1)
            let transpose = Factor(columns, rows, isTransposed: false, salt: 2)
            lockstep_transpose(transpose.values, matrix.values, rows, columns)
            let isEqual = (0..<rows * columns).allSatisfy {
                transpose[$0 % columns, $0 / columns] == matrix[$0 / columns, $0 % columns]
            }
            #expect(isEqual, "[\(rows), \(columns)]")
        }
    }

    /// A product with a triangle in it has the bits of the whole one, and nothing is read across the diagonal.
    @Test(
        arguments: [0, 1, 5, 14, 15, 29, 33, 64, 67, 130],
        [LOCKSTEP_LOWER_PRODUCT, LOCKSTEP_LOWER_FACTOR, LOCKSTEP_UPPER_FACTOR])
    func triangles(rows: Int, triangle: LockstepTriangle) {
        for (columns, depth) in [(rows, 7), (7, rows), (rows + 9, rows + 9), (max(rows - 9, 0), 40), (33, 600)] {
            for variant in 0..<8 {
                let a = Factor(rows, depth, isTransposed: variant & 1 != 0, salt: 1)
                let b = Factor(depth, columns, isTransposed: variant & 2 != 0, salt: 2)
                for row in 0..<rows {
                    for index in 0..<depth
                    where triangle == LOCKSTEP_LOWER_FACTOR && index > row
                        || triangle == LOCKSTEP_UPPER_FACTOR && index < row
                    {
                        a.values[row * a.matrix.rowStride + index * a.matrix.columnStride] = 0
                    }
                }
                for way in Self.ways {
                    let before = (0..<rows * columns).map { sample($0, 3) }
                    func product(_ triangle: LockstepTriangle) -> [Float] {
                        var c = before
                        c.withUnsafeMutableBufferPointer { c in
                            guard let start = c.baseAddress else { return }
                            let end = LockstepProductEnd(
                                addend: variant & 4 != 0 ? UnsafePointer(start) : nil, addendStride: columns, bias: nil,
                                relu: false)
                            lockstep_product_by(
                                way, start, columns, a.matrix, b.matrix, rows, columns, depth, triangle, end)
                        }
                        return c
                    }
                    let (whole, part) = (product(LOCKSTEP_RECTANGLE), product(triangle))
                    let isEqual = (0..<rows * columns).allSatisfy { place in
                        let isLeftOut = triangle == LOCKSTEP_LOWER_PRODUCT && place % columns > place / columns
                        return part[place] == whole[place] || isLeftOut && part[place] == before[place]
                    }
                    #expect(
                        isEqual, "[\(rows), \(depth)] · [\(depth), \(columns)], variant \(variant), way \(way.rawValue)"
                    )
                }
            }
        }
    }

    /// Sums of all sizes and signs, those that cancel, round at ties, or leave the range.
    @Test func roundedOnceByEveryWay() {
        let numbers: [Float] = [
            0, -0.0, 1, -1, .leastNormalMagnitude, .leastNormalMagnitude.nextDown, -.leastNonzeroMagnitude,
            .greatestFiniteMagnitude, -.infinity, .nan, 0x1.000002p0,
            0x1.fffffep0, -0x1.000002p-24, 0x1p-24, 0x1.8p-25, 3.1415926, -0x1.234566p60, 0x1.234568p-60,
        ]
        for first in numbers {
            for second in numbers {
                for third in numbers {
                    // chain = 0 + third · 1, then + first · second.
                    let expected = third.addingProduct(first, second)
                    for way in Self.ways {
                        var actual: Float = 0
                        let (a, b) = ([third, first], [1, second])
                        a.withUnsafeBufferPointer { a in
                            b.withUnsafeBufferPointer { b in
                                lockstep_product_by(
                                    way, &actual, 1,
                                    LockstepMatrix(values: a.baseAddress, rowStride: 2, columnStride: 1),
                                    LockstepMatrix(values: b.baseAddress, rowStride: 1, columnStride: 1), 1, 1, 2,
                                    LOCKSTEP_RECTANGLE, LockstepProductEnd())
                            }
                        }
                        #expect(
                            actual == expected || actual.isNaN && expected.isNaN,
                            "\(first) · \(second) + \(third) by way \(way.rawValue): \(actual), not \(expected)")
                    }
                }
            }
        }
    }
}
