import Autograd
import Foundation
import Tensors
import Testing

/// Kernels against the C library and against plain loops in float64, over all lengths around the widths of vectors.
@Suite struct NumericsTests {
    /// The distance in units in the last place of the float32 nearest to the exact result.
    func distance(_ actual: Float, _ exact: Double) -> Double {
        let nearest = Float(exact)
        if actual == nearest || (actual.isNaN && exact.isNaN) { return 0 }
        guard actual.isFinite, nearest.isFinite else { return .infinity }
        return abs(Double(actual) - exact) / Double(nearest.ulp)
    }

    /// The worst distance over evenly spaced arguments.
    func worst(
        _ range: ClosedRange<Float>, _ function: (Variable) -> Variable, _ exact: (Double) -> Double
    ) -> Double {
        let count = 50_001
        let arguments = (0..<count).map {
            range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(count - 1)
        }
        let results = function(Variable(Tensor(arguments, shape: [count]))).value.values
        return zip(arguments, results).map { distance($1, exact(Double($0))) }.max() ?? .infinity
    }

    @Test func exponential() {
        #expect(worst(-87...88.7, { $0.exp() }, { Foundation.exp($0) }) <= 2)
        #expect(worst(-1...1, { $0.exp() }, { Foundation.exp($0) }) <= 2)
        // Below the normal range a unit is that of the smallest numbers.
        #expect(worst(-103...(-87), { $0.exp() }, { Foundation.exp($0) }) <= 2)
        let special = Variable(Tensor([0, -.infinity, .infinity, .nan, 100, -200, 88.72], shape: [7])).exp()
        let values = special.value.values
        #expect(values[0] == 1 && values[1] == 0 && values[2] == .infinity && values[3].isNaN)
        #expect(values[4] == .infinity && values[5] == 0 && values[6].isFinite)
    }

    @Test func logarithm() {
        #expect(worst(0.01...4, { $0.log() }, { Foundation.log($0) }) <= 2)
        #expect(worst(0.9...1.1, { $0.log() }, { Foundation.log($0) }) <= 2)
        #expect(worst(1...3e38, { $0.log() }, { Foundation.log($0) }) <= 2)
        #expect(worst(0x1p-149...0x1p-120, { $0.log() }, { Foundation.log($0) }) <= 2)
        let values = Variable(Tensor([1, 0, -1, .infinity, .nan], shape: [5])).log().value.values
        #expect(values[0] == 0 && values[1] == -.infinity && values[2].isNaN && values[3] == .infinity)
        #expect(values[4].isNaN)
    }

    @Test func hyperbolicTangent() {
        #expect(worst(-10...10, { $0.tanh() }, { Foundation.tanh($0) }) <= 2)
        #expect(worst(-0.7...0.7, { $0.tanh() }, { Foundation.tanh($0) }) <= 2)
        #expect(worst(-1e-3...1e-3, { $0.tanh() }, { Foundation.tanh($0) }) <= 2)
        let values = Variable(Tensor([.infinity, -.infinity, .nan, 0, 0x1p-140], shape: [5])).tanh().value.values
        #expect(values[0] == 1 && values[1] == -1 && values[2].isNaN && values[3] == 0 && values[4] == 0x1p-140)
    }

    @Test func sigmoidAndGELU() {
        #expect(worst(-80...80, { $0.sigmoid() }, { 1 / (1 + Foundation.exp(-$0)) }) <= 4)
        let inner = { (x: Double) in (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x) }
        for index in -400...400 {
            let x = Double(index) / 50
            let value = Variable(Tensor([Float(x)], shape: [1]))
            let near = Double(value.gelu().value.item) - 0.5 * x * (1 + Foundation.tanh(inner(x)))
            let exact =
                Double(value.gelu(approximate: false).value.item) - 0.5 * x * Foundation.erfc(-x / 2.squareRoot())
            #expect(abs(near) < 1e-6 && abs(exact) < 1e-6, "at \(x): \(near), \(exact)")
        }
    }

    @Test(arguments: 0...67) func lengths(count: Int) throws {
        let x = Variable(sampleTensor([3, count], 1))
        let y = Variable(sampleTensor([3, count], 2, in: 1...2))
        let (a, b) = (x.value.values, y.value.values)
        #expect(try (x + y).value.values == zip(a, b).map { $0 + $1 })
        #expect(try (x - y).value.values == zip(a, b).map { $0 - $1 })
        #expect(try (x * y).value.values == zip(a, b).map { $0 * $1 })
        #expect(try (x / y).value.values == zip(a, b).map { $0 / $1 })
        #expect((x * 3 + 1).value.values == a.map { $0 * 3 + 1 })
        #expect(x.relu().value.values == a.map { max($0, 0) })
        #expect(y.squareRoot().value.values == b.map { $0.squareRoot() })
        expectClose(x.exp().value.values, a.map { Foundation.exp($0) }, 1e-6)
        expectClose([x.sum().value.item], [Float(a.map(Double.init).reduce(0, +))], 1e-6)
        let rows = (0..<3).map { row in a[row * count..<(row + 1) * count].map(Double.init) }
        expectClose(try x.sum([1]).value.values, rows.map { Float($0.reduce(0, +)) }, 1e-6)
        expectClose(
            try x.sum([0]).value.values, (0..<count).map { Float(rows[0][$0] + rows[1][$0] + rows[2][$0]) }, 1e-6)
        let softmax = rows.flatMap { row in
            let sum = row.map { Foundation.exp($0) }.reduce(0, +)
            return row.map { Float(Foundation.exp($0) / sum) }
        }
        expectClose(try x.softmax().value.values, softmax, 1e-6)
        let normalised = rows.flatMap { row in
            let mean = row.reduce(0, +) / Double(count)
            let variance: Double = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
            return row.map { Float(($0 - mean) / (variance + 1e-2).squareRoot()) }
        }
        expectClose(try x.layerNorm(weight: nil, bias: nil, epsilon: 1e-2).value.values, normalised, 2e-6)
        let differences = zip(a, b).map { Double($0) - Double($1) }
        let squares: Double = differences.reduce(0) { $0 + $1 * $1 }
        expectClose([try x.meanSquaredError(y, reduction: .sum).value.item], [Float(squares)], 1e-6)
    }

    @Test func recordingGivesTheBitsOfAReplayAndOfAnyPlaceInABatch() throws {
        // A row's softmax does not depend on the rows around it.
        let x = sampleTensor([9, 13], 1, in: -5...5)
        let all = try Variable(x).softmax().value.values
        for row in 0..<9 {
            let one = try Variable(Tensor(Array(x.values[row * 13..<row * 13 + 13]), shape: [1, 13])).softmax()
            #expect(one.value.values == Array(all[row * 13..<row * 13 + 13]))
        }
    }
}
