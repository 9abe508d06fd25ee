import Autograd
import Foundation
import Tensors
import Testing

/// Results and gradients of PyTorch; `tools/reference/golden.py` writes them and documents the format.
struct GoldenFile: Decodable {
    /// A tensor filled by the formula of `tools/reference/formula.py`.
    struct Filled: Decodable, Sendable {
        let shape: [Int]
        let salt: Int
        let scale: Double
        let offset: Double

        var tensor: Tensor {
            let shape = Shape(shape)
            let values = (0..<shape.count).map { index -> Float in
                let word = UInt32(truncatingIfNeeded: index &* 2_654_435_761 &+ salt &* 40503 &+ 12345)
                return Float((Double(word) / 0x1p32 - 0.5) * 2 * scale + offset)
            }
            return Tensor(values, shape: shape)
        }
    }

    struct Listed: Decodable, Sendable {
        let shape: [Int]
        let values: [Int32]
        var indices: Indices { Indices(values, shape: Shape(shape)) }
        var mask: Mask { Mask(values.map { $0 != 0 }, shape: Shape(shape)) }
    }

    struct Result: Decodable, Sendable {
        let shape: [Int]
        let values: [Float]
    }

    struct Attributes: Decodable, Sendable {
        let factor: Float?
        let transposeA: Bool?
        let transposeB: Bool?
        let activation: String?
        let approximate: Bool?
        let axis: Int?
        let axes: [Int]?
        let keepingDimensions: Bool?
        let reduction: String?
        let shape: [Int]?
        let transposed: [Int]?
        let from: Int?
        let to: Int?
        let start: Int?
        let end: Int?
        let value: Float?
        let epsilon: Float?
        let stride: [Int]?
        let padding: [Int]?
        let causal: Bool?
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let operation: String
        let attributes: Attributes
        let inputs: [Filled]
        let indices: [Listed]
        let output: Result
        let upstream: Filled
        let gradients: [[Float]]
        var testDescription: String { name }
    }

    let format: Int
    let cases: [Case]

    static func read(_ name: String) throws -> GoldenFile {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Golden/\(name)"))
        return try JSONDecoder().decode(GoldenFile.self, from: data)
    }
}

/// A golden case names an operation that this test does not know.
struct UnknownOperation: Error {
    let name: String
}

/// A golden case lacks an attribute that its operation needs.
struct MissingAttribute: Error {}

/// The value, or a failure of the test.
func present<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MissingAttribute() }
    return value
}

@Suite struct GoldenOperationTests {
    @Test func theFileIsOfTheFormatKnownHere() throws {
        let file = try GoldenFile.read("operations.json")
        #expect(file.format == 1)
        #expect(file.cases.count >= 100)
    }

    @Test(arguments: try GoldenFile.read("operations.json").cases) func agreesWithPyTorch(golden: GoldenFile.Case)
        throws
    {
        let inputs = golden.inputs.map { Variable($0.tensor, requiresGradient: true) }
        let output = try apply(golden, inputs)
        #expect(output.shape == Shape(golden.output.shape))
        expectClose(output.value.values, golden.output.values, 1e-5, "output")
        try (output * Variable(golden.upstream.tensor)).sum().backward()
        #expect(golden.gradients.count == inputs.count)
        for (number, gradient) in golden.gradients.enumerated() {
            expectClose(inputs[number].gradient.values, gradient, 3e-5, "gradient \(number)")
        }
    }

    func apply(_ golden: GoldenFile.Case, _ inputs: [Variable]) throws -> Variable {
        if let result = try applyArithmetic(golden, inputs) { return result }
        if let result = try applyRowwise(golden, inputs) { return result }
        if let result = try applyShaping(golden, inputs) { return result }
        throw UnknownOperation(name: golden.operation)
    }

    func applyArithmetic(_ golden: GoldenFile.Case, _ inputs: [Variable]) throws -> Variable? {
        let (x, a) = (inputs[0], golden.attributes)
        switch golden.operation {
        case "add": return try x + inputs[1]
        case "subtract": return try x - inputs[1]
        case "multiply": return try x * inputs[1]
        case "divide": return try x / inputs[1]
        case "negate": return -x
        case "scale": return try x * present(a.factor)
        case "matmul":
            let left = a.transposeA == true ? try x.transposed() : x
            return try left.matmul(a.transposeB == true ? inputs[1].transposed() : inputs[1])
        case "linear":
            let activations: [String: Activation] = ["identity": .identity, "relu": .relu, "tanh": .tanh]
            let activation = try present(activations[present(a.activation)])
            let bias = inputs.count > 2 ? inputs[2] : nil
            return try x.linear(weight: inputs[1], bias: bias, activation: activation)
        case "conv2d":
            let (stride, padding) = (try present(a.stride), try present(a.padding))
            return try x.conv2d(
                weight: inputs[1], bias: inputs.count > 2 ? inputs[2] : nil, stride: (stride[0], stride[1]),
                padding: (padding[0], padding[1]))
        case "attention":
            return try .attention(query: x, key: inputs[1], value: inputs[2], causal: present(a.causal))
        default: return nil
        }
    }

    func applyRowwise(_ golden: GoldenFile.Case, _ inputs: [Variable]) throws -> Variable? {
        let (x, a) = (inputs[0], golden.attributes)
        let reduction: Reduction = a.reduction == "sum" ? .sum : .mean
        switch golden.operation {
        case "relu": return x.relu()
        case "tanh": return x.tanh()
        case "exp": return x.exp()
        case "sigmoid": return x.sigmoid()
        case "log": return x.log()
        case "squareRoot": return x.squareRoot()
        case "gelu": return x.gelu(approximate: try present(a.approximate))
        case "softmax": return try x.softmax(present(a.axis))
        case "logSoftmax": return try x.logSoftmax(present(a.axis))
        case "crossEntropy":
            guard let targets = golden.indices.first else {
                return try x.crossEntropy(targets: inputs[1], reduction: reduction)
            }
            return try x.crossEntropy(targets.indices, reduction: reduction)
        case "meanSquaredError": return try x.meanSquaredError(inputs[1], reduction: reduction)
        case "layerNorm":
            let (weight, bias) = inputs.count > 1 ? (inputs[1], inputs[2]) : (nil, nil)
            return try x.layerNorm(weight: weight, bias: bias, epsilon: present(a.epsilon))
        case "sum":
            guard let axes = a.axes else { return x.sum() }
            return try x.sum(axes, keepingDimensions: present(a.keepingDimensions))
        case "mean":
            guard let axes = a.axes else { return x.mean() }
            return try x.mean(axes, keepingDimensions: present(a.keepingDimensions))
        default: return nil
        }
    }

    func applyShaping(_ golden: GoldenFile.Case, _ inputs: [Variable]) throws -> Variable? {
        let (x, a) = (inputs[0], golden.attributes)
        switch golden.operation {
        case "reshape":
            let base = try a.transposed.map { try x.transposed($0[0], $0[1]) } ?? x
            return try base.reshaped(to: Shape(present(a.shape)))
        case "movedim": return try x.movedim(from: present(a.from), to: present(a.to))
        case "transpose":
            let axes = try present(a.axes)
            return try x.transposed(axes[0], axes[1])
        case "broadcast": return try x.broadcast(to: Shape(present(a.shape)))
        case "slice": return try x.sliced(present(a.axis), present(a.start)..<present(a.end))
        case "concatenate": return try .concatenate(inputs, axis: present(a.axis))
        case "maskedFill": return try x.maskedFill(golden.indices[0].mask, with: present(a.value))
        case "embedding": return try .embedding(x, golden.indices[0].indices)
        case "gather": return try x.gather(present(a.axis), golden.indices[0].indices)
        default: return nil
        }
    }
}
