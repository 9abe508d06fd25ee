import Autograd
import Tensors
import Testing

@Suite struct DropoutTests {
    @Test(arguments: [0, 0.25, 0.5, 1] as [Float]) func gradients(probability: Float) throws {
        let x = leaf([7, 11], 1, in: 0.5...1)
        // Each recording takes a use number of its own, so record with fresh randomness every time.
        try expectGradients(of: [x]) {
            x.dropout(probability, randomness: Randomness(key: RandomKey(seed: 5)))
        }
        try expectGradients(of: [x]) {
            try x + x.transposed().dropout(probability, randomness: Randomness(key: RandomKey(seed: 5))).transposed()
        }
    }

    @Test func shareAndScale() {
        let count = 100_000
        let x = Variable(Tensor(repeating: 1, shape: [count]))
        let values = x.dropout(0.3, randomness: Randomness(key: RandomKey(seed: 1))).value.values
        let dropped = values.count { $0 == 0 }
        #expect(abs(Double(dropped) / Double(count) - 0.3) < 0.01)
        #expect(values.allSatisfy { $0 == 0 || $0 == 1 / (1 - Float(0.3)) })
    }

    @Test func theKeyDecides() {
        let randomness = Randomness(key: RandomKey(seed: 1))
        let x = Variable(Tensor(repeating: 1, shape: [500]))
        let first = x.dropout(0.5, randomness: randomness)
        let second = x.dropout(0.5, randomness: randomness)
        #expect(first.value.values != second.value.values, "each use draws its own numbers")
        let graph = Graph(first)
        let original = first.value.values
        graph.forward()
        #expect(first.value.values == original)
        randomness.key = RandomKey(seed: 2)
        graph.forward()
        #expect(first.value.values != original)
        randomness.key = RandomKey(seed: 1)
        graph.forward()
        #expect(first.value.values == original)
        randomness.isEnabled = false
        graph.forward()
        #expect(first.value.values == x.value.values)
    }

    @Test func withoutElements() {
        #expect(leaf([0, 3], 1).dropout(0.5, randomness: Randomness(key: RandomKey(seed: 1))).value.count == 0)
    }
}
