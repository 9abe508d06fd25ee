import Datasets
import NeuralNetworks
import Tensors

/// q3: which digit a handwritten image shows, by a network of linear layers and ReLU.
///
/// Validation is every second test image of MNIST from the first on, test the others, as in the course.
public struct Digits: Question {
    /// The word for it on the command line.
    public static let name = "q3"
    /// What is learned.
    public static let title = "digits: which of ten a handwritten image shows"
    /// The points it is worth.
    public static let possiblePoints = 5

    /// Gradient descent on cross-entropy.
    public let method: Method
    /// At least 97 % of the test images right.
    public let goal = Goal(.accuracy, threshold: 0.97)
    private let hidden: [Int]

    /// Reads the recipe and `hidden`, the widths of the hidden layers.
    public init(_ configuration: inout ConfigurationReader) throws {
        hidden = try configuration.widths("hidden", default: [256])
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Reads MNIST, or draws digits where it is missing.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        try MNIST.load(from: folder)
    }

    /// 60,000 training images; half of the test images each for validation and test.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        try splits(data)[split]?.count ?? 0
    }

    /// A network from 784 pixels through the hidden layers to 10 scores.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        ImageClassifier(
            MultilayerPerceptron(784, hidden: hidden, 10, order: .inputsFirst, key: key), splits: try splits(data),
            width: 784)
    }

    /// Both gradients of the loss exist for batches of 1, 2 and 4.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        try model.cast(to: ImageClassifier.self).gradientChecks()
    }

    /// A row of validation images for every digit.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        [try model.cast(to: ImageClassifier.self).picture()].compactMap { $0 }
    }

    private func splits(_ data: DataSet) throws -> [Split: LabelledImages] {
        let training = try ImageTable("train_images", of: data, width: 784)
        let trainingLabels = try data.labels("train_labels", count: training.count, classes: 10)
        let test = try ImageTable("test_images", of: data, width: 784)
        let testLabels = try data.labels("test_labels", count: test.count, classes: 10)
        return [
            .training: LabelledImages(training, labels: trainingLabels),
            .validation: LabelledImages(test, labels: testLabels, by: 2),
            .test: LabelledImages(test, labels: testLabels, from: 1, by: 2),
        ]
    }
}
