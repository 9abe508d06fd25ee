import Glibc
import Kernels
import Testing

/// Passes that do several things at once, against plain loops in float64, over all lengths around the widths of vectors.
@Suite struct PassTests {
    private func near(_ actual: [Float], _ expected: [Double], _ tolerance: Double = 1e-5) -> Bool {
        actual.count == expected.count
            && zip(actual, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * max(1, abs($1)) }
    }

    @Test(
        arguments: 0...67, [LOCKSTEP_SLOPE_ONE, LOCKSTEP_SLOPE_RELU, LOCKSTEP_SLOPE_TANH, LOCKSTEP_SLOPE_KEPT])
    func linearGradient(columns: Int, slope: LockstepSlope) {
        for rows in [0, 1, 3, 64, 65, 130] {
            let kept = (0..<rows * columns).map { sample($0, 1) / 2 }
            let before = (0..<rows * columns).map { sample($0, 2) }
            let expected = zip(before, kept).map { gradient, kept in
                switch slope {
                case LOCKSTEP_SLOPE_ONE: gradient
                case LOCKSTEP_SLOPE_RELU: kept > 0 ? gradient : 0
                case LOCKSTEP_SLOPE_TANH: gradient * (1 - kept * kept)
                default: gradient * kept
                }
            }
            for accumulate in [false, true] {
                var gradient = before
                var bias = [Float](repeating: 5, count: columns)
                lockstep_linear_gradient(&gradient, &bias, kept, slope, rows, columns, accumulate)
                #expect(gradient == expected)
                let sums = (0..<columns).map { column in
                    (0..<rows).reduce(accumulate ? 5 : 0) { $0 + Double(expected[$1 * columns + column]) }
                }
                #expect(near(bias, sums), "\(rows) rows of \(columns), adding: \(accumulate)")
                gradient = before
                lockstep_linear_gradient(&gradient, nil, kept, slope, rows, columns, accumulate)
                #expect(gradient == expected)
            }
        }
    }

    @Test(arguments: 1...67) func layerNorm(columns: Int) {
        for rows in [1, 2, 65] {
            let count = rows * columns
            let (x, other) = ((0..<count).map { sample($0, 1) }, (0..<count).map { sample($0, 2) })
            let (weight, bias) = ((0..<columns).map { sample($0, 3) }, (0..<columns).map { sample($0, 4) })
            let share = (0..<count).map { sample($0, 5) }
            var (out, sum) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
            var (means, scales) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
            lockstep_layer_norm(&out, &sum, &means, &scales, x, other, weight, bias, 0.1, rows, columns)
            #expect(sum == zip(x, other).map { $0 + $1 })
            var (normed, changes) = ([Double](), [Double]())
            var (weights, biases) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
            for row in 0..<rows {
                let values = sum[row * columns..<(row + 1) * columns].map(Double.init)
                let mean = values.reduce(0, +) / Double(columns)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
                let n = values.map { ($0 - mean) / (variance + 0.1).squareRoot() }
                let g = (0..<columns).map { Double(share[row * columns + $0]) * Double(weight[$0]) }
                let meanShare = g.reduce(0, +) / Double(columns)
                let dot = zip(g, n).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
                for column in 0..<columns {
                    normed.append(n[column] * Double(weight[column]) + Double(bias[column]))
                    changes.append((g[column] - meanShare - n[column] * dot) / (variance + 0.1).squareRoot())
                    weights[column] += Double(share[row * columns + column]) * n[column]
                    biases[column] += Double(share[row * columns + column])
                }
            }
            #expect(near(out, normed, 2e-5))
            var work = [Float](repeating: .nan, count: lockstep_layer_norm_work(columns))
            func target(_ array: UnsafeMutableBufferPointer<Float>, _ adds: Bool) -> LockstepTarget {
                LockstepTarget(values: array.baseAddress, adds: adds)
            }
            for adds in [false, true] {
                var first = [Float](repeating: 2, count: count)
                let start = [Float](repeating: .nan, count: columns)
                var (second, dw, db) = (first, start, start)
                for column in 0..<columns { (dw[column], db[column]) = (3, 4) }
                first.withUnsafeMutableBufferPointer { first in
                    second.withUnsafeMutableBufferPointer { second in
                        dw.withUnsafeMutableBufferPointer { dw in
                            db.withUnsafeMutableBufferPointer { db in
                                lockstep_layer_norm_gradient(
                                    target(first, adds), target(second, !adds), target(dw, adds), target(db, !adds),
                                    share, sum, means, scales, weight, &work, rows, columns)
                            }
                        }
                    }
                }
                #expect(near(first, changes.map { adds ? $0 + 2 : $0 }, 1e-4))
                #expect(near(second, changes.map { adds ? $0 : $0 + 2 }, 1e-4))
                #expect(near(Array(dw[..<columns]), weights.map { adds ? $0 + 3 : $0 }, 1e-4))
                #expect(near(Array(db[..<columns]), biases.map { adds ? $0 : $0 + 4 }, 1e-4))
            }
        }
    }

    /// Rows that no vector fills end where memory ends, and no row depends on how many there are.
    @Test(arguments: 1...20) func layerNormAtTheEndOfMemory(columns: Int) {
        func rows(_ count: Int, _ salt: Int) -> MatrixProductTests.Factor {
            MatrixProductTests.Factor(count, columns, isTransposed: false, salt: salt)
        }
        func results(_ count: Int) -> [[Float]] {
            let (x, other, share) = (rows(count, 1), rows(count, 2), rows(count, 3))
            let (weight, bias, dw, db) = (rows(1, 4), rows(1, 5), rows(1, 6), rows(1, 7))
            let (out, sum, first, second) = (rows(count, 6), rows(count, 7), rows(count, 8), rows(count, 9))
            var (means, scales) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
            var work = [Float](repeating: .nan, count: lockstep_layer_norm_work(columns))
            lockstep_layer_norm(
                out.values, sum.values, &means, &scales, x.values, other.values, weight.values, bias.values, 0.1, count,
                columns)
            lockstep_layer_norm_gradient(
                LockstepTarget(values: first.values, adds: false), LockstepTarget(values: second.values, adds: true),
                LockstepTarget(values: dw.values, adds: false), LockstepTarget(values: db.values, adds: true),
                share.values, sum.values, means, scales, weight.values, &work, count, columns)
            return [out, sum, first, second].map {
                Array(UnsafeBufferPointer(start: $0.values, count: count * columns))
            }
        }
        let all = results(11)
        for count in 1...10 {
            for (some, all) in zip(results(count), all) {
                #expect(some == Array(all[..<(count * columns)]), "\(count)")
            }
        }
    }

    @Test(arguments: 0...67, [true, false]) func attentionSoftmax(columns: Int, causal: Bool) {
        for rows in [0, 1, 5, columns, 70] {
            let scores = (0..<rows * columns).map { sample($0, 1) * 4 }
            var probabilities = scores
            lockstep_attention_softmax(&probabilities, rows, columns, 0.3, causal ? 1 : columns)
            var (expected, slopes) = ([Double](), [Double]())
            let share = (0..<rows * columns).map { sample($0, 2) }
            for row in 0..<rows {
                let seen = causal ? min(row + 1, columns) : columns
                let weights = (0..<columns).map { $0 < seen ? exp(0.3 * Double(scores[row * columns + $0])) : 0 }
                let sum = weights.reduce(0, +)
                let p = weights.map { $0 / sum }
                let dot = (0..<columns).reduce(0) { $0 + p[$1] * Double(share[row * columns + $1]) }
                expected += p
                slopes += (0..<columns).map { 0.3 * p[$0] * (Double(share[row * columns + $0]) - dot) }
            }
            #expect(near(probabilities, expected), "\(rows) rows of \(columns)")
            // What is not seen is not read.
            var gradient = share.enumerated().map { place, value in
                causal && place % columns > place / columns ? .nan : value
            }
            lockstep_attention_softmax_gradient(&gradient, probabilities, rows, columns, 0.3, causal ? 1 : columns)
            #expect(near(gradient, slopes), "\(rows) rows of \(columns)")
        }
    }

    @Test(arguments: 0...67) func geluWithItsSlope(count: Int) {
        let x = (0..<count).map { sample($0, 1) * 2 }
        let slope = { (function: (Double) -> Double, x: Float) in
            (function(Double(x) + 1e-5) - function(Double(x) - 1e-5)) / 2e-5
        }
        let byTanh = { (x: Double) in x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) }
        let byErf = { (x: Double) in x / 2 * erfc(-x / 2.squareRoot()) }
        var (out, slopes) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        lockstep_gelu_tanh(&out, &slopes, x, count)
        #expect(near(out, x.map { byTanh(Double($0)) }, 1e-6) && near(slopes, x.map { slope(byTanh, $0) }, 1e-5))
        var inPlace = x
        inPlace.withUnsafeMutableBufferPointer { lockstep_gelu_tanh($0.baseAddress, &slopes, $0.baseAddress, count) }
        #expect(inPlace == out)
        lockstep_gelu_erf(&out, &slopes, x, count)
        #expect(near(out, x.map { byErf(Double($0)) }, 1e-6) && near(slopes, x.map { slope(byErf, $0) }, 1e-5))
    }

    @Test func geluFarFromZero() {
        // Each at several places: in whole vectors, and behind the last.
        let x = (0..<3).flatMap { _ -> [Float] in [-1e6, -1000, -30, -12, -10, -9, 9, 10, 12, 30, 1000, 1e6, .nan] }
        var (out, slopes) = ([Float](repeating: 1, count: x.count), [Float](repeating: 1, count: x.count))
        lockstep_gelu_tanh(&out, &slopes, x, x.count)
        for (x, (y, slope)) in zip(x, zip(out, slopes)) {
            if x.isNaN {
                #expect(y.isNaN && slope.isNaN)
            } else {
                #expect(abs(y - max(x, 0)) <= 1e-27 && abs(slope - (x > 0 ? 1 : 0)) <= 1e-6, "\(x): \(y), \(slope)")
            }
        }
    }
}
