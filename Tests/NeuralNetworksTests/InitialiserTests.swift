import NeuralNetworks
import Tensors
import Testing

@Suite struct InitialiserTests {
    private let key = RandomKey(seed: 11)

    @Test(arguments: [[1, 1], [5, 5], [3, 7], [7, 3], [64, 64], [4, 2, 3], [0, 3]])
    func orthogonalRowsOrColumns(extents: [Int]) {
        let shape = Shape(extents)
        let rows = extents[0]
        let columns = extents.dropFirst().reduce(1, *)
        let gain: Float = 1.5
        let values = Initialiser.orthogonal(shape, gain: gain, key: key).values.map { Double($0) }
        let isWide = rows <= columns
        let (count, length) = isWide ? (rows, columns) : (columns, rows)
        for a in 0..<count {
            for b in 0..<count {
                let product = (0..<length).reduce(0.0) { sum, index in
                    isWide
                        ? sum + values[a * columns + index] * values[b * columns + index]
                        : sum + values[index * columns + a] * values[index * columns + b]
                }
                #expect(abs(product - (a == b ? 2.25 : 0)) < 1e-6)
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 1000]) func uniformFillsEveryPlaceWithinItsBound(count: Int) {
        let values = Initialiser.uniform([count], bound: 2, key: key).values
        #expect(values.count == count)
        #expect(values.allSatisfy { $0 >= -2 && $0 < 2 })
        #expect(Set(values).count == count)
        // A shorter tensor is the beginning of a longer one.
        #expect(values == Array(Initialiser.uniform([count + 3], bound: 2, key: key).values[..<count]))
    }

    @Test func momentsAreThoseOfTheDistributions() {
        let count = 40_000
        func moments(_ tensor: Tensor) -> (mean: Double, deviation: Double) {
            let values = tensor.values.map { Double($0) }
            let mean = values.reduce(0, +) / Double(count)
            return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot())
        }
        // Bounds of about five standard errors.
        let uniform = moments(Initialiser.uniform([count], bound: 3, key: key))
        #expect(abs(uniform.mean) < 0.045)
        #expect(abs(uniform.deviation - 3 / 3.0.squareRoot()) < 0.03)
        let normal = moments(Initialiser.normal([200, 200], deviation: 2, key: key))
        #expect(abs(normal.mean) < 0.05)
        #expect(abs(normal.deviation - 2) < 0.04)
        let kaiming = moments(Initialiser.kaimingUniform([400, 100], key: key))
        #expect(abs(kaiming.deviation - 0.02.squareRoot()) < 0.003)
    }

    @Test(arguments: [0, 1, 2, 3, 7]) func normalFillsEveryPlace(count: Int) {
        let values = Initialiser.normal([count], key: key).values
        #expect(values.count == count)
        #expect(values.allSatisfy { $0 != 0 && $0.isFinite })
        #expect(Set(values).count == count)
    }

    @Test func theKeyDecides() {
        #expect(Initialiser.normal([9], key: key).values == Initialiser.normal([9], key: key).values)
        #expect(Initialiser.normal([9], key: key).values != Initialiser.normal([9], key: key.child(1)).values)
    }

    @Test func constants() {
        #expect(Initialiser.zeros([2, 2]).values == [0, 0, 0, 0])
        #expect(Initialiser.ones([3]).values == [1, 1, 1])
    }
}
