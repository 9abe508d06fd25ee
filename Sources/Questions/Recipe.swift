import Diagnostics
import NeuralNetworks

/// How a model is trained by gradient descent: batches, optimizer, schedule, when to stop.
public struct Recipe: Sendable, Equatable {
    /// Which optimizer makes the steps.
    public enum OptimizerName: String, Sendable, CaseIterable {
        /// Stochastic gradient descent with momentum.
        case sgd
        /// Adam; weight decay is added to the gradient.
        case adam
        /// Adam with decoupled weight decay.
        case adamw
    }

    /// How the learning rate changes from step to step.
    public enum ScheduleName: String, Sendable, CaseIterable {
        /// It stays.
        case constant
        /// It falls along half a cosine.
        case cosine
        /// It rises, then falls: PyTorch's OneCycleLR; `learningRate` is its maximum.
        case oneCycle
    }

    /// The number of examples of a step.
    public let batchSize: Int
    /// The number of passes over the training examples.
    public let epochs: Int
    /// The base, or maximal, learning rate.
    public let learningRate: Double
    /// The schedule of the learning rate.
    public let schedule: ScheduleName
    /// The optimizer.
    public let optimizer: OptimizerName
    /// The weight decay of the optimizer.
    public let weightDecay: Double
    /// The momentum of `sgd`.
    public let momentum: Double
    /// The bound on the global norm of the gradient; nil for none.
    public let clipNorm: Double?
    /// The number of shards of a batch, a power of two.
    public let shards: Int
    /// The validation score at which training stops early; nil for never.
    public let target: Double?
    /// The number of epochs between two evaluations.
    public let evaluationInterval: Int

    /// Reads a recipe; `shards` defaults to 4, the rest of what has no sensible default must be there.
    ///
    /// - Throws: `Failure` naming the key.
    public init(_ configuration: inout ConfigurationReader) throws {
        batchSize = try configuration.integer("batchSize", in: 1...1_048_576)
        epochs = try configuration.integer("epochs", in: 1...1_000_000)
        learningRate = try configuration.number("learningRate", in: 0...1000)
        schedule = try configuration.word("schedule", default: ScheduleName.constant)
        optimizer = try configuration.word("optimizer", default: OptimizerName.adam)
        weightDecay = try configuration.number("weightDecay", in: 0...10, default: 0)
        momentum = try configuration.number("momentum", in: 0...1, default: 0)
        let clip = try configuration.number("clipNorm", in: 0...1e9, default: 0)
        clipNorm = clip > 0 ? clip : nil
        shards = try Recipe.shards(&configuration)
        let target = try configuration.number("target", in: -1...1e9, default: -1)
        self.target = target >= 0 ? target : nil
        evaluationInterval = try configuration.integer("evaluationInterval", in: 1...1_000_000, default: 1)
    }

    /// Reads the number of shards.
    ///
    /// - Throws: `Failure` if it is not a power of two from 1 to 64.
    public static func shards(_ configuration: inout ConfigurationReader) throws -> Int {
        let shards = try configuration.integer("shards", in: 1...64, default: 4)
        guard shards & (shards - 1) == 0 else {
            throw Failure(
                .usage, "wrong value", at: "shards", because: "\(shards) is not a power of two",
                remedy: "take 1, 2, 4, 8, 16, 32 or 64")
        }
        return shards
    }
}
