import Autograd
import Tensors
import Testing

@Suite struct ElementwiseTests {
    struct Function: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let range: ClosedRange<Float>
        let apply: @Sendable (Variable) -> Variable
    }

    static let functions = [
        Function(testDescription: "relu", range: 0.1...2) { $0.relu() },
        Function(testDescription: "relu below 0", range: -2 ... -0.1) { $0.relu() },
        Function(testDescription: "exp", range: -2...2) { $0.exp() },
        Function(testDescription: "log", range: 0.5...4) { $0.log() },
        Function(testDescription: "tanh", range: -3...3) { $0.tanh() },
        Function(testDescription: "sigmoid", range: -5...5) { $0.sigmoid() },
        Function(testDescription: "squareRoot", range: 0.5...4) { $0.squareRoot() },
        Function(testDescription: "gelu", range: -4...4) { $0.gelu() },
        Function(testDescription: "gelu by erf", range: -4...4) { $0.gelu(approximate: false) },
    ]

    @Test(arguments: functions, [[], [0], [3, 5], [70]] as [Shape]) func gradients(function: Function, shape: Shape)
        throws
    {
        let x = leaf(shape, 1, in: function.range)
        try expectGradients(of: [x]) { function.apply(x) }
        // Added to a gradient that is there already.
        try expectGradients(of: [x]) { try x + function.apply(x) }
    }

    @Test(arguments: functions) func gradientsOfViews(function: Function) throws {
        let x = leaf([3, 5], 1, in: function.range)
        try expectGradients(of: [x]) { try function.apply(x.transposed()) }
        try expectGradients(of: [x]) { try function.apply(x.sliced(1, 1..<4)) }
        try expectGradients(of: [x]) { try function.apply(x.reshaped(to: [5, 3])) }
        try expectGradients(of: [x]) { try function.apply(x.sliced(0, 0..<1).broadcast(to: [2, 5])) }
    }

    @Test func values() throws {
        let x = Variable(Tensor([-1, 0, 1], shape: [3]))
        #expect(x.relu().value.values == [0, 0, 1])
        expectClose(x.exp().value.values, [0.36787945, 1, 2.7182817], 1e-6)
        expectClose(x.sigmoid().value.values, [0.26894143, 0.5, 0.7310586], 1e-6)
        expectClose(x.gelu().value.values, [-0.158808, 0, 0.841192], 1e-6)
        expectClose(x.gelu(approximate: false).value.values, [-0.15865526, 0, 0.8413447], 1e-6)
        #expect(Variable(Tensor([0, 4, 2.25], shape: [3])).squareRoot().value.values == [0, 2, 1.5])
    }
}
