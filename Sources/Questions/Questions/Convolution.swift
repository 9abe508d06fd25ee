import Datasets
import NeuralNetworks
import Tensors

/// q5: digits again, from only 200 images, by a network that begins with a convolution.
///
/// Validation and test are every second of the first 100 training images, as in the course: they were trained on.
/// `unseen` is MNIST's real test set, which was not, and is reported besides.
public struct Convolution: Question {
    /// The word for it on the command line.
    public static let name = "q5"
    /// What is learned.
    public static let title = "convolution: digits from 200 images"
    /// The points it is worth.
    public static let possiblePoints = 3

    /// Gradient descent on cross-entropy.
    public let method: Method
    /// At least 80 % of the course's test images right; the unseen ones are reported besides.
    public let goal = Goal(.accuracy, threshold: 0.8, others: [.unseen])
    private let hidden: [Int]

    /// Reads the recipe and `hidden`, the widths of the hidden layers after the convolution.
    public init(_ configuration: inout ConfigurationReader) throws {
        hidden = try configuration.widths("hidden", default: [100])
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Reads the part of MNIST that is needed, or draws digits where it is missing.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        try MNIST.loadSmall(from: folder)
    }

    /// 200 training images, of which 50 are validation and 50 test; all test images are `unseen`.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        try splits(data)[split]?.count ?? 0
    }

    /// A 3×3 convolution, then linear layers.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        ImageClassifier(ConvolutionalNetwork(hidden: hidden, key: key), splits: try splits(data), width: 784)
    }

    /// `convolve` equals its definition, and both gradients of the loss exist for batches of 1, 2 and 4.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        try ConvolutionChecks.all() + model.cast(to: ImageClassifier.self).gradientChecks()
    }

    /// A row of unseen images for every digit, and the convolution.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        let model = model.cast(to: ImageClassifier.self)
        return [try model.picture(of: .unseen), (model.network as? ConvolutionalNetwork)?.picture].compactMap { $0 }
    }

    private func splits(_ data: DataSet) throws -> [Split: LabelledImages] {
        let training = try ImageTable("train_images", of: data, width: 784)
        let trainingLabels = try data.labels("train_labels", count: training.count, classes: 10)
        let test = try ImageTable("test_images", of: data, width: 784)
        let testLabels = try data.labels("test_labels", count: test.count, classes: 10)
        return [
            .training: LabelledImages(training, labels: trainingLabels, to: 200),
            .validation: LabelledImages(training, labels: trainingLabels, to: 100, by: 2),
            .test: LabelledImages(training, labels: trainingLabels, from: 1, to: 100, by: 2),
            .unseen: LabelledImages(test, labels: testLabels),
        ]
    }
}
