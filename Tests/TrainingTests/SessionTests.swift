import Diagnostics
import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// The session's decisions, driven without processes or sockets.
@Suite struct SessionTests {
    private static func train(_ settings: [String] = [], workers: Int, seed: UInt64 = 1) throws -> Session {
        let (question, data) = try Toy.make(settings)
        let session = try Session(question, data: data, seed: seed)
        try LocalTrainer(session, workers: workers, seed: seed).train()
        return session
    }

    @Test(arguments: [1, 2, 4, 8], [1, 2, 7, 8, 37])
    func theResultDoesNotDependOnTheWorkers(shards: Int, batchSize: Int) throws {
        let settings = [
            "shards=\(shards)", "batchSize=\(batchSize)", "optimizer=adamw", "clipNorm=0.5", "schedule=oneCycle",
        ]
        let alone = try Self.train(settings, workers: 1)
        for workers in 2...8 {
            let session = try Self.train(settings, workers: workers)
            #expect(session.parameters.values.sha256 == alone.parameters.values.sha256)
            #expect(session.outcome.scores == alone.outcome.scores)
            #expect(session.outcome.trainLoss == alone.outcome.trainLoss)
        }
    }

    @Test func anotherSeedGivesAnotherResult() throws {
        let first = try Self.train(workers: 1, seed: 1)
        let second = try Self.train(workers: 1, seed: 2)
        #expect(first.parameters.values.sha256 != second.parameters.values.sha256)
    }

    @Test(arguments: [1, 5, 8, 37, 40]) func everyEpochTakesEveryExampleOnce(batchSize: Int) throws {
        let session = try Self.train(["batchSize=\(batchSize)"], workers: 2)
        #expect(session.outcome.examples == 3 * 37)
        #expect(session.outcome.steps == 3 * ((37 + batchSize - 1) / batchSize))
        #expect(session.outcome.epochs == 3)
    }

    /// Parameters that the loss does not depend on stay as they are under plain gradient descent.
    @Test func unusedParametersHaveNoGradient() throws {
        let session = try Self.train(["optimizer=sgd"], workers: 3)
        let values = session.parameters.values
        #expect((1...3).allSatisfy { values.pointer[values.count - $0] == 1 })
    }

    @Test func learnsAndScoresEverySplitThereIs() throws {
        let session = try Self.train(["epochs=60"], workers: 2)
        #expect(session.outcome.scores.keys.sorted { $0.rawValue < $1.rawValue } == [.validation, .test])
        #expect(session.outcome.scores[.test].map { $0 > 0.9 } == true)
    }

    @Test func stopsAtTheTarget() throws {
        let session = try Self.train(["epochs=500", "target=0.9"], workers: 1)
        #expect(session.outcome.epochs < 500)
        #expect(session.outcome.scores[.validation].map { $0 >= 0.9 } == true)
    }

    @Test func aLossIsAMeanOverAllExamples() throws {
        let (question, data) = try Toy.make(["metric=loss"])
        let session = try Session(question, data: data, seed: 1)
        try LocalTrainer(session, seed: 1).train()
        let runner = try ShardRunner(question, data: data, seed: 1)
        let whole = Work(
            kind: .evaluation, round: 1, generation: 0, step: 0, split: .test, shards: 0..<1, bounds: [0, 37],
            examples: ArraySlice(0..<37))
        let result = try runner.run(whole, parameters: session.parameters.values.pointer, gradient: nil)
        let score = try #require(session.outcome.scores[.test])
        #expect(abs(score - result.partial.loss / 37) < 1e-6)
    }

    @Test func aLossThatIsNotFiniteEndsTheRun() throws {
        let failure = #expect(throws: Failure.self) {
            _ = try Self.train(["learningRate=1000", "optimizer=sgd", "weightDecay=10", "epochs=200"], workers: 1)
        }
        #expect(failure?.category == .diverged)
        #expect(failure?.description.contains("toy") == true)
    }

    @Test func aSetWithoutExamplesIsAnErrorOfData() throws {
        let failure = #expect(throws: Failure.self) { _ = try Self.train(["count=0"], workers: 1) }
        #expect(failure?.category == .data)
    }
}
