import Autograd
import NeuralNetworks
import Tensors

/// A question's model: its parameters, and its loss summed over the terms of a batch.
struct QuestionModel {
    let parameters: [Parameter]
    /// The number of terms of the loss.
    let terms: Int
    /// Records the loss of a batch.
    let loss: (_ inputs: [Variable], _ indices: [Indices]) throws -> Variable
}

/// Linear layers with ReLU between them.
func perceptron(_ widths: [Int], key: RandomKey) -> Sequential {
    Sequential(
        zip(widths, widths.dropFirst()).enumerated().map { index, pair in
            Linear(pair.0, pair.1, activation: index < widths.count - 2 ? .relu : .identity, key: key)
        })
}

/// A block of the transformer of q7: n₁ = norm(attention(x) + x); norm(relu(linear(n₁)) + n₁).
struct Block: Layer {
    let attention: CausalSelfAttention
    let attentionNorm: LayerNorm
    let linear: Linear
    let linearNorm: LayerNorm

    init(_ width: Int, heads: Int, key: RandomKey) {
        attention = CausalSelfAttention(width, heads: heads, projection: heads > 1, key: key).named("attention")
        attentionNorm = LayerNorm(width).named("attentionNorm")
        linear = Linear(width, width, activation: .relu, key: key).named("linear")
        linearNorm = LayerNorm(width).named("linearNorm")
    }

    var parameters: [Parameter] {
        attention.parameters + attentionNorm.parameters + linear.parameters + linearNorm.parameters
    }

    func callAsFunction(_ x: Variable) throws -> Variable {
        let attended = try attentionNorm(attention(x) + x)
        return try linearNorm(linear(attended) + attended)
    }
}

/// A block with its norms before the parts: n₁ = attention(norm(x)) + x; contraction(gelu(linear(norm(n₁)))) + n₁.
struct PreNormBlock: Layer {
    let attention: CausalSelfAttention
    let attentionNorm: LayerNorm
    let linear: Linear
    let contraction: Linear
    let linearNorm: LayerNorm

    init(_ width: Int, heads: Int, expansion: Int, key: RandomKey) {
        attention = CausalSelfAttention(width, heads: heads, key: key).named("attention")
        attentionNorm = LayerNorm(width).named("attentionNorm")
        linear = Linear(width, expansion * width, key: key).named("linear")
        contraction = Linear(expansion * width, width, key: key).named("contraction")
        linearNorm = LayerNorm(width).named("linearNorm")
    }

    var parameters: [Parameter] {
        attention.parameters + attentionNorm.parameters + linear.parameters + contraction.parameters
            + linearNorm.parameters
    }

    func callAsFunction(_ x: Variable) throws -> Variable {
        let attended = try attention(attentionNorm(x)) + x
        return try contraction(linear(linearNorm(attended)).gelu()) + attended
    }
}

extension QuestionModel {
    /// Builds the model of a case of questions.json.
    static func make(_ golden: GoldenQuestion) throws -> QuestionModel {
        let key = RandomKey(seed: 0)
        let attributes = golden.attributes
        let terms = golden.terms
        let hidden = attributes.hidden ?? []
        switch golden.name {
        case "linear", "q2", "q6":
            let model: any Layer =
                switch golden.name {
                case "linear": Linear(2, 1, key: key)
                case "q2": perceptron([1] + hidden + [1], key: key)
                default:
                    CausalSelfAttention(
                        attributes.layerSize ?? 0, heads: attributes.heads ?? 1, projection: false, key: key)
                }
            return QuestionModel(parameters: model.parameters, terms: terms) { inputs, _ in
                try model(inputs[0]).meanSquaredError(inputs[1], reduction: .sum)
            }
        case "q3":
            let model = perceptron([784] + hidden + [10], key: key)
            return QuestionModel(parameters: model.parameters, terms: terms) { inputs, indices in
                try model(inputs[0]).crossEntropy(indices[0], reduction: .sum)
            }
        case "q4":
            let cell = RecurrentCell(47, hidden[0], activation: .relu, orthogonal: true, key: key).named("cell")
            let output = Linear(hidden[0], 5, key: key).named("output")
            return QuestionModel(parameters: cell.parameters + output.parameters, terms: terms) { _, indices in
                try output(cell(letters: indices[0].transposed)).crossEntropy(indices[1], reduction: .sum)
            }
        case "q5":
            let convolution = Conv2d(1, 1, kernel: (3, 3), bias: false, key: key).named("convolution")
            let classifier = perceptron([26 * 26] + hidden + [10], key: key).named("classifier")
            return QuestionModel(parameters: convolution.parameters + classifier.parameters, terms: terms) {
                inputs, indices in
                let images = try inputs[0].reshaped(to: [inputs[0].shape[0], 1, 28, 28])
                return try classifier(Flatten()(convolution(images))).crossEntropy(indices[0], reduction: .sum)
            }
        case "q7", "q7-nanogpt":
            let isCourse = golden.name == "q7"
            let width = attributes.layerSize ?? 0
            let embedding = Embedding(65, width, key: key).named("embedding")
            let positions = isCourse ? nil : Embedding(attributes.blockSize ?? 0, width, key: key).named("positions")
            let blocks = Sequential(
                (0..<(attributes.blocks ?? 0)).map { _ -> any Layer in
                    let heads = attributes.heads ?? 1
                    if isCourse { return Block(width, heads: heads, key: key) }
                    return PreNormBlock(width, heads: heads, expansion: attributes.mlp ?? 0, key: key)
                }
            ).named("blocks")
            let norm = LayerNorm(width).named("norm")
            let scores = Linear(width, 65, bias: false, key: key).named("scores")
            return QuestionModel(
                parameters: embedding.parameters + (positions?.parameters ?? []) + blocks.parameters + norm.parameters
                    + scores.parameters, terms: terms
            ) { _, indices in
                var x = try embedding(indices[0])
                if let positions { x = try x + positions.weight.variable }
                return try scores(norm(blocks(x))).crossEntropy(indices[1], reduction: .sum)
            }
        default:
            throw UnknownCase(name: golden.name)
        }
    }
}

extension Indices {
    /// The transpose of a matrix of indices.
    var transposed: Indices {
        let (rows, width) = (shape[0], shape[1])
        return Indices(
            (0..<width).flatMap { column in (0..<rows).map { pointer[$0 * width + column] } }, shape: [width, rows])
    }
}
