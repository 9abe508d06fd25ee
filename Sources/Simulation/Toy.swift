import Autograd
import Datasets
import NeuralNetworks
import Questions
import Tensors

/// A small question for simulations and tests: whether a point lies left or right of a line, by a network with dropout.
struct Toy: Question {
    static let name = "toy"
    static let title = "a line between points"
    static let possiblePoints = 1
    let method: Method
    let goal: Goal
    private let count: Int

    init(_ configuration: inout ConfigurationReader) throws {
        count = try configuration.integer("count", in: 0...100_000, default: 37)
        let metric = try configuration.word("metric", default: Goal.Metric.accuracy)
        goal = Goal(metric, threshold: metric == .loss ? 0.5 : 0.9, others: [.unseen])
        method = .gradientDescent(try Recipe(&configuration))
    }

    func loadData(from folder: DataFolder) throws -> DataSet {
        let key = RandomKey(seed: 7)
        let points = (0..<2 * count).map { key.uniform(at: UInt64($0)) - 0.5 }
        let labels = (0..<count).map { Int32(points[2 * $0] + 2 * points[2 * $0 + 1] > 0 ? 1 : 0) }
        return DataSet(made: [
            "points": DataArray(points, shape: [count, 2]), "labels": DataArray(labels, shape: [count]),
        ])
    }

    func exampleCount(_ split: Split, in data: DataSet) throws -> Int { split == .unseen ? 0 : count }

    func evaluationOrder(_ split: Split, in data: DataSet) throws -> EpochOrder {
        SequentialSampler(count: try exampleCount(split, in: data), batchSize: 10).order(epoch: 0)
    }

    func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model { try ToyModel(data, key: key) }

    /// A question and its data, with some keys of a usual recipe set otherwise.
    ///
    /// - Parameter settings: `key=value`, as for `--set`.
    /// - Throws: `Failure` (usage) if a setting is wrong.
    static func make(_ settings: [String] = []) throws -> (question: Toy, data: DataSet) {
        var reader = ConfigurationReader(try configuration(settings))
        let question = try Toy(&reader)
        try reader.finish()
        return (question, try question.loadData(from: DataFolder()))
    }

    /// A usual recipe with some keys set otherwise.
    ///
    /// - Throws: `Failure` (usage) if a setting is wrong.
    static func configuration(_ settings: [String]) throws -> Configuration {
        let text = "{ count: 37, batchSize: 8, epochs: 3, learningRate: 0.05 }"
        var configuration = try Configuration(parsing: Array(text.utf8), file: "toy.json5")
        for setting in settings { try configuration.set(setting) }
        return configuration
    }
}

private final class ToyModel: Model {
    let parameters: [Parameter]
    private let hidden: Linear
    private let output: Linear
    private let points: DataArray
    private let labels: DataArray

    init(_ data: DataSet, key: RandomKey) throws {
        hidden = Linear(2, 8, activation: .relu, key: key.child(0))
        output = Linear(8, 2, key: key.child(1))
        // A parameter the loss does not depend on: its gradient must come out as zero.
        parameters = hidden.parameters + output.parameters + [Parameter("unused", Tensor(repeating: 1, shape: [3]))]
        points = try data["points"]
        labels = try data["labels"]
    }

    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let x = Variable(Tensor(zeros: [shape.count, 2]))
        let y = Indices(zeros: [shape.count])
        var features = try hidden(x)
        if shape.isTraining { features = features.dropout(0.1, randomness: randomness) }
        let logits = try output(features)
        let loss = try logits.crossEntropy(y, reduction: .sum)
        let correct = {
            (0..<shape.count).count { index in
                let row = logits.value.pointer + 2 * index
                return (row[1] > row[0]) == (y.pointer[index] == 1)
            }
        }
        return Recording(graph: Graph(loss), terms: shape.count, correct: correct) { [points, labels] _, examples in
            for (index, example) in examples.enumerated() {
                x.value.pointer[2 * index] = points.floats[2 * Int(example)]
                x.value.pointer[2 * index + 1] = points.floats[2 * Int(example) + 1]
                y.pointer[index] = labels.int32s[Int(example)]
            }
        }
    }
}
