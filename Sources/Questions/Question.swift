import Datasets
import NeuralNetworks
import Tensors

/// One task to learn: its data, its model, its recipe, and when it counts as learned.
///
/// A question is a plain value made from a configuration, the same in the coordinator and in every worker. To add one,
/// write a type in a file of its own, name it in `QuestionCatalog`, and give it a `config/<name>.json5`.
public protocol Question: Sendable {
    /// The word for it on the command line, and the name of its configuration file.
    static var name: String { get }
    /// A line for people: what is learned.
    static var title: String { get }
    /// The points it is worth in the course; 0 if it is not graded.
    static var possiblePoints: Int { get }

    /// Reads the recipe and the keys of its own from the configuration.
    ///
    /// - Throws: `Failure` that names the key, if one is missing, of another type, or out of range.
    init(_ configuration: inout ConfigurationReader) throws

    /// How it is learned.
    var method: Method { get }
    /// What is measured, on what, and what passes.
    var goal: Goal { get }

    /// Reads or makes the data set; called in the coordinator only.
    func loadData(from folder: DataFolder) throws -> DataSet
    /// The number of examples of a split; 0 if there is no such split.
    func exampleCount(_ split: Split, in data: DataSet) throws -> Int
    /// The order in which an epoch's batches pass over the training examples.
    ///
    /// The default shuffles all examples anew each epoch.
    func trainingSampler(_ data: DataSet, batchSize: Int, key: RandomKey) throws -> any Sampler
    /// All examples of a split once, cut into chunks that are evaluated as one batch each.
    ///
    /// The default cuts them in their order into chunks of 500.
    func evaluationOrder(_ split: Split, in data: DataSet) throws -> EpochOrder
    /// Builds the model over a data set, with initial parameters drawn from `key`.
    func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model
    /// The properties the course's grader checks beside the score, for a trained model.
    ///
    /// Called in the coordinator with the final parameters in place; none by default.
    func checks(_ model: any Model, data: DataSet) throws -> [Check]
    /// What there is to see of a model in training; nothing by default.
    func pictures(_ model: any Model, data: DataSet) throws -> [Picture]
}

extension Question {
    /// Shuffles all training examples anew each epoch.
    public func trainingSampler(_ data: DataSet, batchSize: Int, key: RandomKey) throws -> any Sampler {
        ShuffledSampler(count: try exampleCount(.training, in: data), batchSize: batchSize, key: key)
    }

    /// Cuts the examples of a split, in their order, into chunks of 500.
    public func evaluationOrder(_ split: Split, in data: DataSet) throws -> EpochOrder {
        SequentialSampler(count: try exampleCount(split, in: data), batchSize: 500).order(epoch: 0)
    }

    /// Nothing to check.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] { [] }

    /// Nothing to see.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] { [] }

    /// The word for it on the command line.
    public var name: String { Self.name }
}

/// A part of a data set.
public enum Split: UInt8, Sendable, CaseIterable {
    /// What the model learns from.
    case training
    /// What decides when to stop.
    case validation
    /// What the score is measured on.
    case test
    /// Further examples never trained on, where the course's own test set was (q5).
    case unseen
}

/// How a question is learned.
public enum Method: Sendable {
    /// Steps of an optimizer along gradients of shards of batches.
    case gradientDescent(Recipe)
    /// The perceptron's rule: workers search windows of examples for the first mistake, one update a mistake.
    case perceptron(window: Int, maximumEpochs: Int, shards: Int)
    /// Nothing is learned; only the checks count.
    case checksOnly

    /// Whether there are batches to be cut into shards.
    public var batchIsSharded: Bool {
        if case .checksOnly = self { false } else { true }
    }

    /// The number of shards a batch is cut into.
    public var shards: Int {
        switch self {
        case .gradientDescent(let recipe): recipe.shards
        case .perceptron(_, _, let shards): shards
        case .checksOnly: 1
        }
    }
}

/// What is measured, on what, and what passes.
public struct Goal: Sendable {
    /// What is measured.
    public enum Metric: String, Sendable, Codable, CaseIterable {
        /// The fraction of examples predicted right; the threshold is a lower bound.
        case accuracy
        /// The mean loss; the threshold is an upper bound.
        case loss
        /// Only the checks count.
        case checks
    }

    /// What is measured.
    public let metric: Metric
    /// The value that passes.
    public let threshold: Double
    /// The split that is evaluated while training, for the early stop.
    public let validation: Split
    /// The split that decides.
    public let test: Split
    /// Splits reported besides, each with a threshold of its own if it has one.
    public let others: [Split]

    /// Creates a goal.
    public init(
        _ metric: Metric, threshold: Double, validation: Split = .validation, test: Split = .test, others: [Split] = []
    ) {
        self.metric = metric
        self.threshold = threshold
        self.validation = validation
        self.test = test
        self.others = others
    }

    /// Whether a measured value is at or past a bound.
    public func passes(_ value: Double, bound: Double) -> Bool {
        metric == .loss ? value <= bound : value >= bound
    }
}

/// A property checked beside the score, and whether it held.
public struct Check: Sendable, Equatable {
    /// The property, as a clause.
    public let name: String
    /// Whether it held.
    public let passed: Bool

    /// Creates the result of a check.
    public init(_ name: String, passed: Bool) {
        self.name = name
        self.passed = passed
    }
}
