import Autograd
import NeuralNetworks
import Tensors
import Testing

/// Every layer by central differences, for all its parameters and inputs.
@Suite struct LayerGradientTests {
    private let key = RandomKey(seed: 5)

    @Test(arguments: [Activation.identity, .relu, .tanh, .gelu(approximate: true)], [true, false])
    func linear(activation: Activation, bias: Bool) throws {
        try expectGradients(of: Linear(4, 3, bias: bias, activation: activation, key: key), input: [2, 3, 4])
    }

    @Test func embeddingWithRepeatedRows() throws {
        let layer = Embedding(5, 3, key: key)
        let indices = Indices([4, 0, 0, 2, 4, 4], shape: [2, 3])
        try expectGradients(of: [("weight", layer.weight.variable)]) { try layer(indices) }
    }

    @Test func layerNorm() throws {
        let layer = LayerNorm(5)
        fill(layer.parameters) { $0.name == "weight" ? 1 : 0 }
        try expectGradients(of: layer, input: [2, 3, 5])
    }

    @Test(arguments: [true, false]) func convolution(bias: Bool) throws {
        try expectGradients(of: Conv2d(1, 1, kernel: (3, 3), bias: bias, key: key), input: [2, 1, 5, 4])
        try expectGradients(
            of: Conv2d(2, 3, kernel: (3, 2), stride: (2, 1), padding: (1, 0), bias: bias, key: key),
            input: [2, 2, 5, 4])
    }

    @Test func dropout() throws {
        let randomness = Randomness(key: key)
        try expectGradients(of: Dropout(0.4, randomness: randomness), input: [3, 7])
        randomness.isEnabled = false
        try expectGradients(of: Dropout(0.4, randomness: randomness), input: [3, 7])
    }

    @Test func activations() throws {
        for layer in [ReLU(), Tanh(), Sigmoid(), GELU(), GELU(approximate: false), Flatten()] as [any Layer] {
            try expectGradients(of: layer, input: [3, 2, 4])
        }
    }

    @Test func sequential() throws {
        let layers = Sequential([
            Linear(4, 5, activation: .relu, key: key.child(0)), Linear(5, 3, key: key.child(1)), Tanh(), LayerNorm(3),
        ])
        try expectGradients(of: layers, input: [6, 4])
    }

    @Test(arguments: [Activation.identity, .relu, .tanh]) func recurrentCell(activation: Activation) throws {
        let cell = RecurrentCell(4, 3, activation: activation, key: key)
        let inputs = (0..<3).map { leaf([2, 4], 10 + UInt64($0)) }
        let state = leaf([2, 3], 20)
        let parameters = cell.parameters.map { ($0.name, $0.variable) }
        let leaves = [("state", state)] + inputs.enumerated().map { ("input \($0)", $1) } + parameters
        try expectGradients(of: leaves) {
            try inputs.reduce(state) { try cell.step(input: $1, state: $0) }
        }
        let letters = [[0, 3], [3, 3], [1, 0]].map { Indices($0, shape: [2]) }
        try expectGradients(of: parameters) {
            var state: Variable?
            for letter in letters { state = try cell.step(letters: letter, state: state) }
            return try #require(state)
        }
    }

    @Test(arguments: [1, 2, 3], [true, false]) func attention(heads: Int, projection: Bool) throws {
        let layer = CausalSelfAttention(6, heads: heads, projection: projection, key: key)
        let input = leaf([2, 4, 6], 1)
        // A key's bias moves all scores of a query alike, which softmax ignores: its gradient is zero.
        try expectGradients(of: [("input", input)] + layer.parameters.map { ($0.name, $0.variable) }) {
            try layer(input)
        }
        for value in layer.parameters[1].variable.gradient.values[6..<12] { #expect(abs(value) < 1e-5) }
    }
}
