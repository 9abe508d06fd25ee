import NeuralNetworks
import Tensors
import Testing

/// A step made in parts is the step made at once, to the last bit.
@Suite struct OptimizerPartTests {
    private static let count = 203

    private static func values(_ seed: UInt64) -> Storage {
        let storage = Storage(count: count)
        for index in 0..<count { storage.pointer[index] = RandomKey(seed: seed).uniform(at: UInt64(index)) - 0.5 }
        return storage
    }

    private static let optimizers: [@Sendable () -> any Optimizer] = [
        { SGD(parameterCount: count, weightDecay: 0.1) }, { SGD(parameterCount: count, momentum: 0.9) },
        { SGD(parameterCount: count, momentum: 0.9, nesterov: true) },
        { Adam(parameterCount: count, weightDecay: 0.1) },
        { AdamW(parameterCount: count) },
    ]

    @Test(arguments: optimizers.indices, [[], [1], [67, 68], [16, 100, 101, 200]])
    func partsMakeAWhole(optimizer index: Int, cuts: [Int]) {
        var whole = Self.optimizers[index]()
        var parted = Self.optimizers[index]()
        let (first, second) = (Self.values(1), Self.values(1))
        let bounds = [0] + cuts + [Self.count]
        for step in 1...3 {
            let gradients = Self.values(UInt64(10 + step))
            whole.step(
                values: first.pointer, gradients: gradients.pointer, count: Self.count, rate: 0.01, scale: 0.5)
            parted.begin(rate: 0.01, scale: 0.5)
            for (start, end) in zip(bounds, bounds.dropFirst()).reversed() {
                parted.apply(to: start..<end, values: second.pointer, gradients: gradients.pointer)
            }
            #expect(first.sha256 == second.sha256)
            #expect(whole.steps == step && parted.steps == step)
        }
        #expect(first.sha256 != Self.values(1).sha256)
        #expect(zip(whole.moments, parted.moments).allSatisfy { $0.sha256 == $1.sha256 })
    }
}
