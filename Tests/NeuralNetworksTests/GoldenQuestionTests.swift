import Autograd
import NeuralNetworks
import Tensors
import Testing

/// A case of questions.json: the first ten steps of a question's training.
struct GoldenQuestion: GoldenCase {
    /// The sizes of the model.
    struct Attributes: Decodable {
        let hidden: [Int]?
        let layerSize: Int?
        let blocks: Int?
        let heads: Int?
        let blockSize: Int?
        let mlp: Int?
    }

    /// The name of an optimizer, and its numbers.
    struct OptimizerDescription: Decodable {
        let name: String
        let numbers: GoldenOptimizer

        private enum CodingKeys: String, CodingKey {
            case name
        }

        init(from decoder: any Decoder) throws {
            name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
            numbers = try GoldenOptimizer(from: decoder)
        }
    }

    /// A batch.
    struct Step: Decodable {
        let inputs: [Filled]
        let indices: [Listed]
    }

    /// What a parameter has become.
    struct Final: Decodable {
        let name: String
        let compared: Int
        let norm: Double
        let first: [Float]
    }

    let name: String
    let attributes: Attributes
    let parameters: [Filled]
    let optimizer: OptimizerDescription
    let rates: [Float]
    let clipNorm: Double?
    let steps: [Step]
    let losses: [Double]
    let norms: [Double]
    let final: [Final]

    /// The number of terms of the loss: all numbers of the last input or list of indices of a batch.
    var terms: Int {
        let step = steps[0]
        return (step.indices.last?.shape ?? step.inputs.last?.shape ?? []).reduce(1, *)
    }
}

/// Layers, losses and optimizers together: the first ten steps of every question, as PyTorch makes them.
@Suite struct GoldenQuestionTests {
    @Test func everyTrainedQuestionHasACase() throws {
        let names = try GoldenFile<GoldenQuestion>.cases("questions").map(\.name)
        #expect(names == ["linear", "q2", "q3", "q4", "q5", "q6", "q7", "q7-nanogpt"])
    }

    @Test(arguments: try GoldenFile<GoldenQuestion>.cases("questions"))
    func firstTenStepsAgreeWithPyTorch(golden: GoldenQuestion) throws {
        let model = try QuestionModel.make(golden)
        try #require(model.parameters.map(\.shape.dimensions) == golden.parameters.map(\.shape))
        for (parameter, filled) in zip(model.parameters, golden.parameters) {
            parameter.variable.value.pointer.update(from: filled.values, count: parameter.shape.count)
        }
        let vector = ParameterVector(model.parameters)
        var optimizer = try golden.optimizer.numbers.make(golden.optimizer.name, vector.count)
        try #require(golden.steps.count == 10)
        for (number, step) in golden.steps.enumerated() {
            let inputs = step.inputs.map { Variable($0.tensor) }
            let indices = step.indices.map { Indices($0.values, shape: Shape($0.shape)) }
            let loss = try model.loss(inputs, indices)
            loss.backward()
            let expected = golden.losses[number]
            let mean = Double(loss.value.item) / Double(model.terms)
            #expect(abs(mean - expected) <= 2e-5 * max(1e-2, expected), "loss of step \(number): \(mean)")
            var scale = 1 / Double(model.terms)
            let norm = gradientNorm(vector.gradients.pointer, count: vector.count) * scale
            let expectedNorm = golden.norms[number]
            #expect(abs(norm - expectedNorm) <= 2e-5 * expectedNorm, "norm of step \(number): \(norm)")
            if let maximum = golden.clipNorm { scale *= clippingFactor(norm: norm, maximum: maximum) }
            optimizer.step(
                values: vector.values.pointer, gradients: vector.gradients.pointer, count: vector.count,
                rate: golden.rates[number], scale: Float(scale))
        }
        try #require(model.parameters.count == golden.final.count)
        for (parameter, final) in zip(model.parameters, golden.final) {
            let values = parameter.variable.value.values.prefix(final.compared)
            let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(norm - final.norm) <= 2e-5 * final.norm, "norm of \(final.name): \(norm)")
            for (value, expected) in zip(values, final.first) {
                #expect(abs(Double(value - expected)) <= 2e-5 * final.norm, "\(final.name): \(value), not \(expected)")
            }
        }
    }
}
