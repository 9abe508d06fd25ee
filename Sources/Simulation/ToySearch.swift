import Datasets
import NeuralNetworks
import Questions
import Tensors

/// A small question for simulations and tests that is learned by the perceptron's rule.
struct ToySearch: Question {
    static let name = "search"
    static let title = "a line, by the perceptron's rule"
    static let possiblePoints = 1
    let method: Method
    let goal = Goal(.accuracy, threshold: 0.9)
    static let count = 50

    /// Creates the question with four shards.
    init() {
        method = Self.method(shards: 4)
    }

    init(_ configuration: inout ConfigurationReader) throws {
        method = Self.method(shards: try Recipe.shards(&configuration))
    }

    private static func method(shards: Int) -> Method { .perceptron(window: 9, maximumEpochs: 6, shards: shards) }

    func loadData(from folder: DataFolder) throws -> DataSet {
        let key = RandomKey(seed: 3)
        return DataSet(made: [
            "points": DataArray((0..<2 * Self.count).map { key.uniform(at: UInt64($0)) - 0.5 }, shape: [Self.count, 2])
        ])
    }

    func exampleCount(_ split: Split, in data: DataSet) throws -> Int { split == .training ? Self.count : 0 }

    func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model { ToySearchModel(try data["points"]) }
}

private final class ToySearchModel: Model {
    private let weight = Parameter("weight", Tensor([0, 0], shape: [1, 2]))
    private let points: DataArray
    var parameters: [Parameter] { [weight] }

    init(_ points: DataArray) { self.points = points }

    private func label(_ example: Int) -> Float { points.floats[2 * example] > points.floats[2 * example + 1] ? 1 : -1 }

    func firstMistake(_ split: Split, _ examples: UnsafeBufferPointer<Int32>) -> Int? {
        let weight = weight.variable.value.pointer
        return examples.firstIndex {
            let score = weight[0] * points.floats[2 * Int($0)] + weight[1] * points.floats[2 * Int($0) + 1]
            return (score >= 0 ? 1 : -1) != label(Int($0))
        }
    }

    func learn(_ split: Split, mistake: Int32) {
        let weight = weight.variable.value.pointer
        for axis in 0...1 { weight[axis] += label(Int(mistake)) * points.floats[2 * Int(mistake) + axis] }
    }
}
