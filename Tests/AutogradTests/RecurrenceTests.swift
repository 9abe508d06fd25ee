import Autograd
import Tensors
import Testing

@Suite struct RecurrenceTests {
    /// The same out of an operation a step.
    func stepByStep(_ x: Variable, _ weight: Variable, _ bias: Variable, _ activation: Activation) throws -> Variable {
        let (rows, width) = (x.shape[1], x.shape[2])
        var state = Variable(Tensor(zeros: [rows, width]))
        for step in 0..<x.shape[0] {
            let input = try x.sliced(0, step..<step + 1).reshaped(to: [rows, width])
            state = try state.linear(
                weight: weight.transposed(), bias: bias, adding: input, activation: activation)
        }
        return state
    }

    @Test(
        arguments: [1, 2, 5],
        [Activation.identity, .relu, .tanh, .gelu(approximate: true), .gelu(approximate: false)])
    func gradients(steps: Int, activation: Activation) throws {
        let (x, weight, bias) = (leaf([steps, 2, 3], 1), leaf([3, 3], 2), leaf([3], 3))
        try expectGradients(of: [x, weight, bias]) {
            try x.recurrence(weight: weight, bias: bias, activation: activation)
        }
        // With another use of everything, before and behind.
        try expectGradients(of: [x, weight, bias], tolerance: 2e-2) {
            let state = try x.recurrence(weight: weight, bias: bias, activation: activation)
            return try (x * 2).recurrence(weight: weight, bias: bias, activation: activation) + state + bias
                + x.sliced(0, 0..<1).reshaped(to: [2, 3]).matmul(weight)
        }
    }

    /// Wide enough that zeros are looked for: of dense states, of states that are mostly zeros, and of no rows at all.
    @Test(arguments: [(0, -1...1), (1, -0.1...1), (7, -2...0.2), (32, -1...0.1)] as [(Int, ClosedRange<Float>)])
    func asStepByStep(rows: Int, range: ClosedRange<Float>) throws {
        let x = leaf([6, rows, 70], 1, in: range)
        let (weight, bias) = (leaf([70, 70], 2, in: -0.1...0.1), leaf([70], 3, in: -0.1...0.1))
        let share = Variable(sampleTensor([rows, 70], 4))
        let fused = try x.recurrence(weight: weight, bias: bias, activation: .relu)
        try (fused * share).sum().backward()
        let gradients = [x, weight, bias].map(\.gradient.values)
        let composed = try stepByStep(x, weight, bias, .relu)
        #expect(fused.value.values == composed.value.values)
        try (composed * share).sum().backward()
        for (one, other) in zip(gradients, [x, weight, bias].map(\.gradient.values)) { expectClose(one, other, 1e-5) }
    }

    @Test func oneVariableForEverything() throws {
        let x = leaf([4, 4], 1)
        try expectGradients(of: [x], tolerance: 2e-2) {
            try x.reshaped(to: [2, 2, 4]).recurrence(
                weight: x, bias: x.sliced(0, 1..<2).reshaped(to: [4]), activation: .tanh)
        }
    }

    @Test func wrongShapesAreErrors() {
        func expectError(_ x: Shape, _ weight: Shape, _ bias: Shape) {
            #expect(throws: ShapeError.self) {
                try leaf(x, 1).recurrence(weight: leaf(weight, 2), bias: leaf(bias, 3), activation: .relu)
            }
        }
        expectError([0, 2, 3], [3, 3], [3])
        expectError([2, 3], [3, 3], [3])
        expectError([1, 2, 3], [3, 2], [3])
        expectError([1, 2, 3], [3, 3], [2])
    }
}
