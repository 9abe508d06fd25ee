import Datasets
import Tensors

/// q1: which side of a line a point lies on, by a binary perceptron.
///
/// All splits are the same 500 points, which a line separates. Updates are made one mistake at a time, in the order of
/// the points: workers search windows of them, and the result equals the sequential perceptron weight for weight.
public struct Perceptron: Question {
    /// The word for it on the command line.
    public static let name = "q1"
    /// What is learned.
    public static let title = "perceptron: which side of a line a point lies on"
    /// The points it is worth.
    public static let possiblePoints = 5

    /// The perceptron's rule.
    public let method: Method
    /// Every point right.
    public let goal = Goal(.accuracy, threshold: 1)

    /// Reads `window`, the number of examples searched at a time, `epochs`, the most passes, and `shards`.
    public init(_ configuration: inout ConfigurationReader) throws {
        method = .perceptron(
            window: try configuration.integer("window", in: 1...65_536, default: 64),
            maximumEpochs: try configuration.integer("epochs", in: 1...1_000_000, default: 1000),
            shards: try Recipe.shards(&configuration))
    }

    /// Makes the 500 points.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        PerceptronPoints.make()
    }

    /// 500, in every split but `unseen`.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        split == .unseen ? 0 : try data.required("x", .float32, shape: [nil, 3]).shape[0]
    }

    /// The points in their order, in windows.
    public func trainingSampler(_ data: DataSet, batchSize: Int, key: RandomKey) throws -> any Sampler {
        SequentialSampler(count: try exampleCount(.training, in: data), batchSize: batchSize)
    }

    /// A perceptron with small random weights.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        let points = try data.required("x", .float32, shape: [nil, 3])
        let labels = try data.required("y", .float32, shape: [points.shape[0], 1])
        if let wrong = labels.floats.first(where: { abs($0) != 1 }) {
            throw data.misfit("y", "label \(wrong) is neither 1 nor -1")
        }
        return PerceptronModel(
            points: Array(points.floats), labels: Array(labels.floats), dimensions: 3,
            weight: Tensor.noise([3], key: key).values)
    }

    /// What the course checks of a perceptron, on points made for it.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        PerceptronModel.checks()
    }

    /// The points and the separating line.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        let points = try data.required("x", .float32, shape: [nil, 3])
        let labels = try data.required("y", .float32, shape: [points.shape[0], 1])
        return [
            .separation(
                points: stride(from: 0, to: points.floats.count, by: 3).map {
                    Picture.Point(x: points.floats[$0], y: points.floats[$0 + 1])
                },
                labels: labels.floats.map { Int($0) },
                weights: model.parameters[0].variable.value.values)
        ]
    }
}
