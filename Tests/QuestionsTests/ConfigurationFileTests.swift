import Diagnostics
import Tensors
import Testing

@testable import Questions

/// Every question's file is there, is taken without a rest, and refuses what does not belong.
@Suite struct ConfigurationFileTests {
    @Test("a question is made from its file", arguments: QuestionCatalog.names)
    func fileIsTaken(name: String) throws {
        let type = try #require(QuestionCatalog.named(name))
        let configuration = try Configuration(
            contentsOfFile: packageRoot.appending(path: "config/\(name).json5").path)
        _ = try QuestionCatalog.make(type, configuration)
    }

    @Test func furtherRecipesAreTaken() throws {
        let file = packageRoot.appending(path: "config/q7-nanogpt.json5").path
        let question = try QuestionCatalog.make(ShakespeareText.self, Configuration(contentsOfFile: file))
        let model = try question.makeModel(SmallData.text(), key: RandomKey(seed: 0))
        // 4 blocks of 12 · 128² + 13 · 128, the final norm, 64 positions, and twice the vocabulary.
        let vocabulary = SmallData.vocabulary.count
        #expect(
            model.parameters.reduce(0) { $0 + $1.shape.count }
                == 4 * (12 * 128 * 128 + 13 * 128) + 2 * 128 + 64 * 128 + 2 * vocabulary * 128)
    }

    @Test(
        "a wrong configuration is refused by the key's name",
        arguments: [
            ("q3", "learningrate=1", "learningrate"), ("q3", "hidden=256", "hidden"), ("q3", "hidden=[]", "hidden"),
            ("q3", "hidden=[0]", "hidden"), ("q3", "hidden=[1e99]", "hidden"), ("q3", "batchSize=0", "batchSize"),
            ("q3", "batchSize=1.5", "batchSize"), ("q3", "shards=3", "shards"),
            ("q3", "optimizer=adagrad", "optimizer"),
            ("q3", "schedule=7", "schedule"), ("q3", "learningRate=fast", "learningRate"), ("q1", "window=0", "window"),
            ("q1", "batchSize=4", "batchSize"), ("q2", "epochs=-1", "epochs"), ("q4", "clipNorm=-1", "clipNorm"),
            ("q5", "hidden=[1,2,3,4,5,6,7,8,9]", "hidden"), ("q6", "epochs=3", "epochs"), ("q7", "heads=3", "heads"),
            ("q7", "blockSize=0", "blockSize"), ("q7", "norm=middle", "norm"), ("q7", "mlp=-1", "mlp"),
            ("q7", "positions=sine", "positions"), ("q7", "activation=swish", "activation"),
            ("linear", "hidden=[4]", "hidden"),
        ])
    func wrongKeyIsNamed(name: String, assignment: String, key: String) throws {
        let type = try #require(QuestionCatalog.named(name))
        let file = packageRoot.appending(path: "config/\(name).json5").path
        let failure = #expect(throws: Failure.self) {
            var configuration = try Configuration(contentsOfFile: file)
            try configuration.set(assignment)
            _ = try QuestionCatalog.make(type, configuration)
        }
        #expect(failure?.category == .usage)
        #expect(failure?.description.contains(key) == true, "\(failure?.description ?? "")")
    }

    @Test func pointsAddUpToTwentyFive() {
        #expect(QuestionCatalog.graded.reduce(0) { $0 + $1.possiblePoints } == 25)
        #expect(QuestionCatalog.graded.map { $0.name } == ["q1", "q2", "q3", "q4", "q5", "q6"])
    }
}
