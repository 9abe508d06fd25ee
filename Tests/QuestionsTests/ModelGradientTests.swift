import Autograd
import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Questions

/// The gradients of every question's recorded loss, against central differences.
@Suite struct ModelGradientTests {
    @Test func linear() throws {
        try compare(makeQuestion(LinearFit.self, "{ batchSize: 4, epochs: 1, learningRate: 0.1 }"), [0, 1, 2, 3])
    }

    @Test func sine() throws {
        try compare(makeQuestion(SineCurve.self, plainRecipe, "hidden=[5,4]"), [3, 50, 120, 199])
    }

    @Test func digits() throws {
        try compare(
            makeQuestion(Digits.self, plainRecipe, "hidden=[6]"), data: SmallData.digits(), [0, 11, 5])
    }

    @Test func convolution() throws {
        try compare(
            makeQuestion(Convolution.self, plainRecipe, "hidden=[4]"), data: SmallData.digits(), [0, 11, 5])
    }

    @Test func languages() throws {
        try compare(
            makeQuestion(Languages.self, plainRecipe, "hidden=[6,4]"), data: SmallData.words(), [0, 5, 10])
    }

    @Test("q7 with one and two heads", arguments: [1, 2]) func text(heads: Int) throws {
        try compare(
            makeQuestion(
                ShakespeareText.self, plainRecipe, "layerSize=6", "blocks=2", "blockSize=4", "heads=\(heads)"),
            data: SmallData.text(), [0, 17, 40])
    }

    @Test("q7 in other forms", arguments: [["norm=pre", "mlp=2", "activation=gelu"], ["mlp=3"], ["norm=pre"]])
    func textForms(form: [String]) throws {
        let settings = ["layerSize=6", "blocks=2", "blockSize=4", "heads=2", "positions=learned"] + form
        try compare(
            makeQuestion(ShakespeareText.self, plainRecipe, settings), data: SmallData.text(), [0, 17, 40])
    }

    /// Compares the gradient of the loss of some training examples with central differences.
    ///
    /// A model may have thousands of parameters: every one of the small tensors is tried, and some of the large ones.
    /// At a kink of a ReLU the gradient is that of one side, so one of the slopes to both sides and between has to fit.
    private func compare(_ question: any Question, data: DataSet? = nil, _ examples: [Int32]) throws {
        var loop = try TrainingLoop(question, data: data, seed: 3)
        let recording = try loop.replay(.training, examples, isTraining: true)
        recording.graph.backward()
        var (tried, missed) = (0, 0)
        for parameter in loop.model.parameters {
            let values = parameter.variable.value.pointer
            let gradients = parameter.variable.gradient.values
            for index in stride(from: 0, to: gradients.count, by: max(1, gradients.count / 40)) {
                let value = values[index]
                func loss(at moved: Float) -> Double {
                    values[index] = moved
                    recording.graph.forward()
                    return Double(recording.graph.result.value.item)
                }
                let step: Float = 0.004
                let (here, left, right) = (loss(at: value), loss(at: value - step), loss(at: value + step))
                values[index] = value
                let slopes = [(right - left) / 2, right - here, here - left].map { $0 / Double(step) }
                let gradient = Double(gradients[index])
                tried += 1
                if slopes.allSatisfy({ abs($0 - gradient) > 0.01 + 0.02 * abs(gradient) }) { missed += 1 }
            }
        }
        #expect(tried > 0)
        #expect(missed * 100 <= tried, "\(missed) of \(tried) gradients differ")
        let flat = UnsafeBufferPointer(start: loop.vector.gradients.pointer, count: loop.vector.count)
        #expect(flat.contains { $0 != 0 }, "the gradients do not lie in the flat vector")
    }
}
