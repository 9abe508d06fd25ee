import Tensors
import Testing

@testable import Questions

/// The extents of every question's model, of the size its file asks for.
@Suite struct ModelShapeTests {
    @Test func linearHasThreeParameters() throws {
        #expect(try counts(makeQuestion(LinearFit.self, fileWith: [])) == [2, 1])
    }

    @Test func perceptronHasOneRow() throws {
        let question = try makeQuestion(Perceptron.self, fileWith: [])
        let model = try question.makeModel(question.loadData(from: .none), key: RandomKey(seed: 0))
        #expect(model.parameters.map(\.shape) == [[1, 3]])
    }

    @Test func digitsHave203530Parameters() throws {
        let question = try makeQuestion(Digits.self, fileWith: ["hidden=[256]"])
        let model = try question.makeModel(SmallData.digits(), key: RandomKey(seed: 0))
        #expect(model.parameters.map(\.shape) == [[784, 256], [256], [10, 256], [10]])
        #expect(model.parameters.reduce(0) { $0 + $1.shape.count } == 203_530)
    }

    @Test func convolutionComesFirst() throws {
        let question = try makeQuestion(Convolution.self, fileWith: ["hidden=[100]"])
        let model = try question.makeModel(SmallData.digits(), key: RandomKey(seed: 0))
        #expect(model.parameters.map(\.shape.count) == [9, 676 * 100, 100, 1000, 10])
    }

    @Test func recurrentNetworkSharesItsWeights() throws {
        let question = try makeQuestion(Languages.self, fileWith: ["hidden=[32]"])
        let data = SmallData.words()
        let model = try question.makeModel(data, key: RandomKey(seed: 0))
        let letters = SmallData.alphabet.count
        #expect(model.parameters.reduce(0) { $0 + $1.shape.count } == letters * 32 + 32 + 32 * 32 + 32 * 5 + 5)
    }

    @Test func transformerHasTheCoursesSize() throws {
        let question = try makeQuestion(ShakespeareText.self, fileWith: [])
        let data = SmallData.text()
        let model = try question.makeModel(data, key: RandomKey(seed: 0))
        let block = 3 * (100 * 100 + 100) + 2 * 200 + 100 * 100 + 100
        let letters = SmallData.vocabulary.count
        #expect(model.parameters.reduce(0) { $0 + $1.shape.count } == letters * 100 * 2 + 6 * block + 200)
    }

    @Test("hidden decides the widths", arguments: [[3], [7, 5], [2, 2, 2]])
    func hiddenDecides(hidden: [Int]) throws {
        let question = try makeQuestion(Digits.self, plainRecipe, "hidden=\(hidden)")
        let model = try question.makeModel(SmallData.digits(), key: RandomKey(seed: 0))
        #expect(stride(from: 0, to: 2 * hidden.count, by: 2).map { model.parameters[$0 + 1].shape[0] } == hidden)
    }

    @Test("the same key makes the same model, another key another", arguments: QuestionCatalog.names)
    func keyDecides(name: String) throws {
        let type = try #require(QuestionCatalog.named(name))
        func values(_ seed: UInt64) throws -> [Float] {
            let question = try makeAny(type)
            let model = try question.makeModel(SmallData.any(for: question), key: RandomKey(seed: seed))
            return model.parameters.flatMap { $0.variable.value.values }
        }
        #expect(try values(1) == values(1))
        #expect(try values(1) != values(2))
    }

    private func makeAny(_ type: any Question.Type) throws -> any Question {
        func open<Kind: Question>(_ type: Kind.Type) throws -> any Question { try makeQuestion(type, fileWith: []) }
        return try open(type)
    }

    private func counts(_ question: any Question) throws -> [Int] {
        let model = try question.makeModel(SmallData.any(for: question), key: RandomKey(seed: 0))
        return model.parameters.map(\.shape.count)
    }
}
