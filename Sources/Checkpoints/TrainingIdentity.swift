import Datasets
import Diagnostics
import Questions

/// What the result of a training is a function of: two runs with the same identity end with the same bits.
public struct TrainingIdentity: Sendable, Equatable {
    /// The word for the question on the command line.
    public var question: String
    /// The configuration, shards among it.
    public var configuration: Configuration
    /// The key of everything random.
    public var seed: UInt64
    /// The hash of the data set.
    public var dataHash: ContentHash

    /// Creates an identity.
    public init(question: String, configuration: Configuration, seed: UInt64, dataHash: ContentHash) {
        self.question = question
        self.configuration = configuration
        self.seed = seed
        self.dataHash = dataHash
    }

    /// What is different in a checkpoint's identity, each as a clause; empty if it is the same.
    func differences(from saved: TrainingIdentity) -> [String] {
        guard saved.question == question else { return ["it is of \(saved.question)"] }
        var differences = configuration.differences(from: saved.configuration).map { difference in
            let before = difference.other.map { "had \(difference.key)=\($0)" } ?? "had no \(difference.key)"
            return before + (difference.own.map { ", not \($0)" } ?? "")
        }
        if saved.seed != seed { differences.append("had seed \(saved.seed), not \(seed)") }
        if saved.dataHash != dataHash { differences.append("had another data set") }
        return differences.isEmpty ? [] : ["its training " + differences.joined(separator: ", and ")]
    }
}
