import Autograd
import NeuralNetworks
import Tensors
import Testing

@testable import Questions

/// Every check holds for a right model, and fails for one that is wrong in just that.
@Suite struct CheckTests {
    @Test("all checks of an untrained right model hold", arguments: ["q1", "q2", "q3", "q4", "q5", "q6"])
    func rightModel(name: String) throws {
        let type = try #require(QuestionCatalog.named(name))
        let question = try makeFromFile(type)
        let data = try SmallData.any(for: question)
        let checks = try question.checks(question.makeModel(data, key: RandomKey(seed: 5)), data: data)
        #expect(!checks.isEmpty)
        for check in checks { #expect(check.passed, "\(check.name)") }
        #expect(Set(checks.map(\.name)).count == checks.count, "two checks of one name")
    }

    private func makeFromFile(_ type: any Question.Type) throws -> any Question {
        func open<Kind: Question>(_ type: Kind.Type) throws -> any Question { try makeQuestion(type, fileWith: []) }
        return try open(type)
    }

    @Test func perceptronThatSumsABatchFails() {
        #expect(
            failed(BatchPerceptron.checks()) == [
                "500 copies of 2·w labelled −1: one update, to exactly w − 2·w",
                "500 copies of 5·w labelled −1: one update, to exactly w − 5·w",
            ])
    }

    @Test func perceptronThatIsNegativeAtZeroFails() {
        #expect(failed(StrictPerceptron.checks()) == ["the prediction is the sign of the score, and +1 at 0"])
    }

    @Test func perceptronThatForgetsAnAxisFails() {
        #expect(failed(ForgetfulPerceptron.checks()).contains("the score is the dot product"))
    }

    @Test func perceptronWithTwoParametersFails() {
        #expect(failed(DoublePerceptron.checks()) == ["one parameter of shape 1×d, for d from 1 to 9"])
    }

    @Test func networkThatIgnoresItsInputFails() throws {
        let data = SmallData.digits()
        let question = try makeQuestion(Digits.self, plainRecipe)
        let model = try question.makeModel(data, key: RandomKey(seed: 0)).cast(to: ImageClassifier.self)
        let deaf = ImageClassifier(DeafLayer(width: 10), splits: [:], width: 784)
        #expect(try failed(model.gradientChecks()).isEmpty)
        #expect(try failed(deaf.gradientChecks()).count == 3)
    }

    @Test func regressorThatIgnoresItsInputFails() throws {
        let question = try makeQuestion(SineCurve.self, plainRecipe)
        let data = try question.loadData(from: .none)
        let deaf = try Regressor(DeafLayer(width: 1), data: data, width: 1)
        #expect(try failed(deaf.gradientChecks()).count == 3)
        #expect(try deaf.lossCheck().passed)
    }

    @Test func regressorThatReportsAnotherLossFails() throws {
        let question = try makeQuestion(SineCurve.self, plainRecipe)
        let fickle = try Regressor(FickleLayer(), data: question.loadData(from: .none), width: 1)
        #expect(try !fickle.lossCheck().passed)
    }

    @Test func convolutionWithFlippedWeightsFails() throws {
        let checks = try ConvolutionChecks.all { input, weights in
            let flipped = Tensor(weights.value.values.reversed(), shape: weights.shape)
            return try convolve(input, Variable(flipped))
        }
        #expect(failed(checks).count == checks.count)
    }

    @Test func attentionThatLooksAheadFails() throws {
        #expect(try failed(AttentionChecks.all { OtherAttention($0, causal: false, scaled: true) }).count == 3)
    }

    @Test func attentionWithoutScaleFails() throws {
        #expect(try failed(AttentionChecks.all { OtherAttention($0, causal: true, scaled: false) }).count == 3)
    }

    @Test func attentionWrittenAnotherWayPasses() throws {
        #expect(try failed(AttentionChecks.all { OtherAttention($0, causal: true, scaled: true) }).isEmpty)
    }

    @Test(
        "linear recovers its coefficients to 0.01, not worse",
        arguments: [
            ([7, 8, 3], true), ([7.009, 7.991, 3.009], true), ([7.02, 8, 3], false), ([8, 7, 3], false),
            ([7, 8, .nan], false),
        ] as [([Float], Bool)])
    func linearRecovers(values: [Float], passes: Bool) throws {
        let question = try makeQuestion(LinearFit.self, fileWith: [])
        let data = try question.loadData(from: .none)
        let model = try question.makeModel(data, key: RandomKey(seed: 0))
        var rest = values[...]
        for parameter in model.parameters {
            for index in 0..<parameter.shape.count {
                parameter.variable.value.pointer[index] = rest.removeFirst()
            }
        }
        #expect(try question.checks(model, data: data).map(\.passed) == [passes])
    }

    @Test func untrainedTransformerFailsOnlyByItsLoss() throws {
        let question = try makeQuestion(ShakespeareText.self, fileWith: ["layerSize=16", "blocks=2"])
        let data = SmallData.text()
        let model = try question.makeModel(data, key: RandomKey(seed: 0))
        #expect(
            try failed(question.checks(model, data: data)) == ["the loss on training text is below that of guessing"])
    }
}
