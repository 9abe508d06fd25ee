import Autograd
import Datasets
import Tensors
import Testing

@testable import Questions

/// Every question learns, in one process, on small or made data.
@Suite struct LearningTests {
    @Test func linearRecoversItsCoefficients() throws {
        let question = try makeQuestion(LinearFit.self, fileWith: [])
        var loop = try TrainingLoop(question, seed: 0)
        try loop.train()
        #expect(try loop.evaluate(.test).loss <= question.goal.threshold)
        let checks = try question.checks(loop.model, data: loop.data)
        #expect(failed(checks) == [])
    }

    @Test("the window search equals the sequential perceptron", arguments: [1, 7, 64, 1000])
    func perceptronIsSequential(window: Int) throws {
        let question = try makeQuestion(Perceptron.self, fileWith: [])
        let data = try question.loadData(from: .none)
        let model = try question.makeModel(data, key: RandomKey(seed: 0)).cast(to: PerceptronModel.self)
        let points = try Array(data["x"].floats)
        let labels = try Array(data["y"].floats)
        var weight = model.weight.variable.value.values
        var updates = 0
        while true {
            let before = updates
            for index in labels.indices {
                let point = points[3 * index..<3 * index + 3]
                let score = zip(weight, point).reduce(0 as Float) { $0 + $1.0 * $1.1 }
                guard (score >= 0 ? 1 : -1) != labels[index] else { continue }
                weight = zip(weight, point).map { $0 + labels[index] * $1 }
                updates += 1
            }
            if updates == before { break }
        }
        #expect(model.train(window: window, maximumEpochs: 5000) == updates)
        #expect(updates > 10)
        #expect(model.weight.variable.value.values == weight)
        let recording = try model.record(
            BatchShape(count: 500, length: 0, isTraining: false), randomness: .init(key: RandomKey(seed: 0)))
        (0..<500).map { Int32($0) }.withUnsafeBufferPointer { recording.load(.training, $0) }
        recording.graph.forward()
        #expect(recording.correct?() == 500)
        #expect(recording.graph.result.value.item == 0)
    }

    @Test func perceptronGivesUp() throws {
        let model = PerceptronModel(points: [1, 1], labels: [1, -1], dimensions: 1, weight: [0])
        #expect(model.train(window: 2, maximumEpochs: 20) == nil)
    }

    @Test func sineReachesItsThreshold() throws {
        let question = try makeQuestion(SineCurve.self, fileWith: [])
        var loop = try TrainingLoop(question, seed: 1)
        let first = try loop.evaluate(.test).loss
        try loop.train()
        #expect(try loop.evaluate(.test).loss <= 0.005)
        #expect(first > 0.1)
    }

    @Test func digitsReachTheirThreshold() throws {
        let question = try makeQuestion(Digits.self, fileWith: ["epochs=4", "batchSize=20", "hidden=[32]"])
        var loop = try TrainingLoop(question, data: SmallData.digits(), seed: 0)
        try loop.train()
        #expect(try loop.evaluate(.validation).accuracy >= 0.97)
        #expect(try loop.evaluate(.test).accuracy >= 0.97)
    }

    @Test func convolutionReachesItsThreshold() throws {
        let question = try makeQuestion(Convolution.self, fileWith: ["hidden=[32]"])
        var loop = try TrainingLoop(question, data: SmallData.digits(), seed: 0)
        try loop.train()
        for split in [Split.validation, .test, .unseen] {
            #expect(try loop.evaluate(split).accuracy >= 0.8, "\(split)")
        }
    }

    @Test func languagesReachTheirThreshold() throws {
        let question = try makeQuestion(Languages.self, fileWith: ["epochs=10", "batchSize=16", "hidden=[24]"])
        var loop = try TrainingLoop(question, data: SmallData.words(), seed: 0)
        try loop.train()
        #expect(try loop.evaluate(.test).accuracy >= 0.81)
    }

    @Test func textIsLearned() throws {
        let question = try makeQuestion(
            ShakespeareText.self,
            fileWith: [
                "layerSize=24", "blocks=2", "batchSize=16", "epochs=1", "stepsPerEpoch=120", "learningRate=0.003",
            ])
        var loop = try TrainingLoop(question, data: SmallData.text(), seed: 0)
        let losses = try loop.train()
        #expect(losses.count == 120)
        #expect(try #require(losses.last) < 0.7 * losses[0])
        #expect(try loop.evaluate(.validation).loss < question.goal.threshold)
        #expect(try failed(question.checks(loop.model, data: loop.data)) == [])
    }
}
