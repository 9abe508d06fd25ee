import Autograd
import NeuralNetworks
import Tensors
import Testing

/// A case of layers.json: a layer with parameters by the formula, its result, and all gradients.
struct GoldenLayer: GoldenCase {
    /// Whatever a layer's initialiser takes.
    struct Attributes: Decodable {
        let inputs: Int?
        let outputs: Int?
        let bias: Bool?
        let count: Int?
        let width: Int?
        let epsilon: Float?
        let kernel: [Int]?
        let stride: [Int]?
        let padding: [Int]?
        let hidden: Int?
        let activation: String?
        let state: Bool?
        let heads: Int?
        let projection: Bool?
        let widths: [Int]?
    }

    /// A result with its shape.
    struct Result: Decodable {
        let shape: [Int]
        let values: [Float]
    }

    let name: String
    let layer: String
    let attributes: Attributes
    let parameters: [Filled]
    let inputs: [Filled]
    let indices: [Listed]
    let output: Result
    let upstream: Filled
    let inputGradients: [[Float]]
    let parameterGradients: [[Float]]
}

@Suite struct GoldenLayerTests {
    private let key = RandomKey(seed: 0)

    @Test func everyLayerHasACase() throws {
        let layers = Set(try GoldenFile<GoldenLayer>.cases("layers").map(\.layer))
        #expect(
            layers == [
                "Linear", "Embedding", "LayerNorm", "Conv2d", "RecurrentCell", "CausalSelfAttention", "Sequential",
            ])
    }

    @Test(arguments: try GoldenFile<GoldenLayer>.cases("layers")) func agreesWithPyTorch(golden: GoldenLayer) throws {
        let inputs = golden.inputs.map { Variable($0.tensor, requiresGradient: true) }
        let indices = golden.indices.map { Indices($0.values, shape: Shape($0.shape)) }
        let (parameters, record) = try make(golden)
        try #require(parameters.map(\.shape.dimensions) == golden.parameters.map(\.shape))
        if golden.layer != "Sequential" { #expect(parameters.map(\.name) == golden.parameters.map(\.name)) }
        for (parameter, filled) in zip(parameters, golden.parameters) {
            parameter.variable.value.pointer.update(from: filled.values, count: parameter.shape.count)
        }
        let output = try record(inputs, indices)
        #expect(output.shape.dimensions == golden.output.shape)
        expectClose(output.value.values, golden.output.values, 2e-6, "output")
        try (output * Variable(golden.upstream.tensor)).sum().backward()
        try #require(inputs.count == golden.inputGradients.count && parameters.count == golden.parameterGradients.count)
        for (input, expected) in zip(inputs, golden.inputGradients) {
            expectClose(input.gradient.values, expected, 4e-6, "gradient of an input")
        }
        for (parameter, expected) in zip(parameters, golden.parameterGradients) {
            expectClose(parameter.variable.gradient.values, expected, 4e-6, "gradient of \(parameter.name)")
        }
    }

    private typealias Recorder = ([Variable], [Indices]) throws -> Variable

    /// The layer of a case: its parameters, and how it is recorded on the case's inputs.
    private func make(_ golden: GoldenLayer) throws -> ([Parameter], Recorder) {
        let attributes = golden.attributes
        switch golden.layer {
        case "Embedding":
            let layer = Embedding(try #require(attributes.count), try #require(attributes.width), key: key)
            return (layer.parameters, { _, indices in try layer(indices[0]) })
        case "RecurrentCell":
            let cell = RecurrentCell(
                try #require(attributes.inputs), try #require(attributes.hidden),
                activation: try activation(attributes), key: key)
            return (
                cell.parameters,
                { inputs, letters in
                    let hasState = attributes.state == true
                    var state = hasState ? inputs[0] : nil
                    for input in inputs.dropFirst(hasState ? 1 : 0) {
                        state = try cell.step(input: input, state: state)
                    }
                    for letter in letters { state = try cell.step(letters: letter, state: state) }
                    return try #require(state)
                }
            )
        default:
            let layer = try makeLayer(golden)
            return (layer.parameters, { inputs, _ in try layer(inputs[0]) })
        }
    }

    /// The layer of a case that takes one variable.
    private func makeLayer(_ golden: GoldenLayer) throws -> any Layer {
        let attributes = golden.attributes
        switch golden.layer {
        case "Linear":
            return Linear(
                try #require(attributes.inputs), try #require(attributes.outputs),
                bias: try #require(attributes.bias as Bool?),
                key: key)
        case "LayerNorm":
            return LayerNorm(try #require(attributes.width), epsilon: try #require(attributes.epsilon))
        case "Conv2d":
            let pairs = try [attributes.kernel, attributes.stride, attributes.padding].map { try #require($0) }
            return Conv2d(
                try #require(attributes.inputs), try #require(attributes.outputs),
                kernel: (pairs[0][0], pairs[0][1]), stride: (pairs[1][0], pairs[1][1]),
                padding: (pairs[2][0], pairs[2][1]), bias: try #require(attributes.bias as Bool?), key: key)
        case "CausalSelfAttention":
            return CausalSelfAttention(
                try #require(attributes.width), heads: try #require(attributes.heads),
                projection: try #require(attributes.projection as Bool?), key: key)
        case "Sequential":
            let widths = try #require(attributes.widths)
            let activation: any Layer = try activation(attributes) == .relu ? ReLU() : Tanh()
            let linears = zip(widths, widths.dropFirst()).map { Linear($0, $1, key: key) }
            return Sequential(Array(linears.map { [$0] as [any Layer] }.joined(separator: [activation])))
        default:
            throw UnknownCase(name: golden.layer)
        }
    }

    private func activation(_ attributes: GoldenLayer.Attributes) throws -> Activation {
        switch attributes.activation {
        case "relu": .relu
        case "tanh": .tanh
        default: throw UnknownCase(name: attributes.activation ?? "no activation")
        }
    }
}

/// A golden file holds what the tests do not know.
struct UnknownCase: Error {
    let name: String
}
