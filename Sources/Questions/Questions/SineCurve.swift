import Datasets
import NeuralNetworks
import Tensors

/// q2: the sine over [−2π, 2π], fitted to 200 points by a network of linear layers and ReLU.
///
/// Training, validation and test are the same 200 points, as in the course.
public struct SineCurve: Question {
    /// The word for it on the command line.
    public static let name = "q2"
    /// What is learned.
    public static let title = "regression: the sine over two periods"
    /// The points it is worth.
    public static let possiblePoints = 5

    /// Gradient descent on the squared error.
    public let method: Method
    /// A mean squared error over all points of at most 0.02.
    public let goal = Goal(.loss, threshold: 0.02)
    private let hidden: [Int]

    /// Reads the recipe and `hidden`, the widths of the hidden layers.
    public init(_ configuration: inout ConfigurationReader) throws {
        hidden = try configuration.widths("hidden", default: [64, 64])
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Makes the 200 points.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        Sine.make()
    }

    /// 200, in every split but `unseen`.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        split == .unseen ? 0 : try data.required("x", .float32, shape: [nil, 1]).shape[0]
    }

    /// A network 1 → hidden widths → 1.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        try Regressor(MultilayerPerceptron(1, hidden: hidden, 1, key: key), data: data, width: 1)
    }

    /// Both gradients of the loss exist for batches of 1, 2 and 4, and the loss is the mean squared error.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        let model = model.cast(to: Regressor.self)
        return try model.gradientChecks() + [model.lossCheck()]
    }

    /// The true and the learned curve over the points.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        let model = model.cast(to: Regressor.self)
        return [
            .curve(
                x: Array(model.inputs.floats), truth: Array(model.targets.floats), learned: try model.predictions())
        ]
    }
}
