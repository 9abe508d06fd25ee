// example begin
import Autograd
import Datasets
import Glibc
import NeuralNetworks
import Questions
import Tensors

/// spirals: which of two spirals, wound into each other, a point of the plane lies on.
struct Spirals: Question {
    static let name = "spirals"
    static let title = "which of two spirals a point lies on"
    static let possiblePoints = 0

    let method: Method
    let goal = Goal(.accuracy, threshold: 0.95)
    private let hidden: [Int]

    /// Takes the keys of the configuration; every key must be taken by somebody.
    init(_ configuration: inout ConfigurationReader) throws {
        hidden = try configuration.integers("hidden", each: 1...4096, maximumCount: 4, default: [32, 32])
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Makes 400 points for training, and 400 between them for validation and test.
    ///
    /// It is called in the coordinator only; the arrays travel to the workers.
    func loadData(from folder: DataFolder) throws -> DataSet {
        let labels = DataArray((0..<400).map { Int32($0 % 2) }, shape: [400])
        return DataSet(made: ["training": points(shift: 0), "test": points(shift: 0.5), "labels": labels])
    }

    private func points(shift: Float) -> DataArray {
        let coordinates = (0..<400).flatMap { index in
            let way = (Float(index / 2) + shift) / 200
            let angle = 2 * Float.pi * way * 1.5 + (index % 2 == 0 ? 0 : Float.pi)
            return [(0.2 + way) * cosf(angle), (0.2 + way) * sinf(angle)]
        }
        return DataArray(coordinates, shape: [400, 2])
    }

    func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        split == .unseen ? 0 : 400
    }

    func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        try SpiralsModel(hidden: hidden, data: data, key: key)
    }
}

/// Linear layers with ReLU between them, from a point to a score for each spiral.
private final class SpiralsModel: Model {
    let parameters: [Parameter]
    private let network: Sequential
    private let training: DataArray
    private let test: DataArray
    private let labels: DataArray

    init(hidden: [Int], data: DataSet, key: RandomKey) throws {
        let widths = [2] + hidden + [2]
        network = Sequential(
            (0...hidden.count).map { index in
                Linear(
                    widths[index], widths[index + 1], activation: index < hidden.count ? .relu : .identity,
                    key: key.child(UInt64(index)))
            })
        parameters = network.parameters
        training = try data["training"]
        test = try data["test"]
        labels = try data["labels"]
    }

    /// Records the computation of a batch once; it is then replayed with other examples in its leaves.
    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let points = Variable(Tensor(zeros: [shape.count, 2]))
        let spirals = Indices(zeros: [shape.count])
        let scores = try network(points)
        let loss = try scores.crossEntropy(spirals, reduction: .sum)
        let right = {
            (0..<shape.count).count { index in
                let score = scores.value.pointer + 2 * index
                return (score[1] > score[0]) == (spirals.pointer[index] == 1)
            }
        }
        let (training, test, labels) = (training, test, labels)
        return Recording(graph: Graph(loss), terms: shape.count, correct: right) { split, examples in
            let source = (split == .training ? training : test).floats
            for (index, example) in examples.enumerated() {
                points.value.pointer[2 * index] = source[2 * Int(example)]
                points.value.pointer[2 * index + 1] = source[2 * Int(example) + 1]
                spirals.pointer[index] = labels.int32s[Int(example)]
            }
        }
    }
}
// example end
