import Datasets
import NeuralNetworks
import Tensors

/// linear: the worked example, which fits y = 7·x0 + 8·x1 + 3 to four points by one linear layer.
///
/// Training, validation and test are the same four points.
public struct LinearFit: Question {
    /// The word for it on the command line.
    public static let name = "linear"
    /// What is learned.
    public static let title = "worked example: y = 7·x0 + 8·x1 + 3 from four points"
    /// It is not graded.
    public static let possiblePoints = 0

    /// Gradient descent on the squared error.
    public let method: Method
    /// A mean squared error of at most 0.001; the check on the parameters decides besides.
    public let goal = Goal(.loss, threshold: 0.001)

    /// Reads the recipe.
    public init(_ configuration: inout ConfigurationReader) throws {
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Makes the four points.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        LinearPoints.make()
    }

    /// Four, in every split but `unseen`.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        split == .unseen ? 0 : try data.required("x", .float32, shape: [nil, 2]).shape[0]
    }

    /// One linear layer, 2 → 1.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        try Regressor(Linear(2, 1, key: key), data: data, width: 2)
    }

    /// The parameters are 7, 8 and 3, to 0.01.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        let learned = model.parameters.flatMap { $0.variable.value.values }
        let recovers = zip(learned, [7, 8, 3]).allSatisfy { abs($0 - $1) <= 0.01 } && learned.count == 3
        return [Check("recovers the coefficients 7, 8 and 3 to 0.01", passed: recovers)]
    }
}
