import Testing

@testable import Datasets

/// Sets that are computed: the points of q1, q2 and the worked example.
struct MadeDataTests {
    @Test func perceptronPoints() throws {
        let set = PerceptronPoints.make()
        let x = try set.floats("x")
        let y = try set.floats("y")
        #expect(try set["x"].shape == [500, 3])
        #expect(try set["y"].shape == [500, 1])
        for point in 0..<500 {
            #expect(x[3 * point + 2] == 1)
            #expect(y[point] == (x[3 * point] + 2 * x[3 * point + 1] - 1 >= 0 ? 1 : -1))
        }
        // Of 1000 normal numbers, mean and variance lie this near to 0 and 1 but for one seed in thousands.
        let numbers = (0..<1000).map { Double(x[$0 / 2 * 3 + $0 % 2]) }
        let mean = numbers.reduce(0, +) / 1000
        let variance = numbers.reduce(0) { $0 + $1 * $1 } / 1000 - mean * mean
        #expect(abs(mean) < 0.12 && abs(variance - 1) < 0.16)
        #expect(!set.isSynthetic && set.source == "made")
        #expect(PerceptronPoints.make().contentHash() == set.contentHash())
    }

    @Test func sine() throws {
        let set = Sine.make()
        let x = try set.floats("x")
        let y = try set.floats("y")
        #expect(x.count == 200 && y.count == 200)
        #expect(x[0] == Float(-2 * Double.pi) && x[199] == Float(2 * Double.pi))
        let step = 4 * Float.pi / 199
        #expect(zip(x, x.dropFirst()).allSatisfy { abs($1 - $0 - step) < 1e-5 })
        #expect(abs(y[0]) < 1e-6 && abs(y.max() ?? 0) <= 1 && zip(y, y.reversed()).allSatisfy { abs($0 + $1) < 1e-6 })
    }

    @Test func linear() throws {
        let x = try LinearPoints.make().floats("x")
        let y = try LinearPoints.make().floats("y")
        for point in 0..<4 {
            let expected: Float = 7 * x[2 * point] + 8 * x[2 * point + 1] + 3
            #expect(y[point] == expected)
        }
        #expect(Set(y).count == 4)
    }
}
