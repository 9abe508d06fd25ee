import Datasets
import Diagnostics
import Questions
import Training

@testable import Checkpoints

/// Checkpoints for tests.
enum Sample {
    static func configuration(_ settings: [String] = []) throws -> Configuration {
        var configuration = try Configuration(parsing: Array("{ batchSize: 8, name: \"a \\\" b\" }".utf8), file: "x")
        for setting in settings { try configuration.set(setting) }
        return configuration
    }

    static func identity(_ settings: [String] = []) throws -> TrainingIdentity {
        let hash = [UInt8](repeating: 7, count: 3).withUnsafeBytes { ContentHash(of: $0) }
        return TrainingIdentity(question: "q3", configuration: try configuration(settings), seed: .max, dataHash: hash)
    }

    static func checkpoint(
        round: UInt64 = 12,
        _ place: Snapshot.Place = .training(
            Snapshot.Position(epoch: 2, batch: 1, lossOfEpoch: 0.1 + 0.2, termsOfEpoch: 9, skippedInARow: 1))
    ) throws -> Checkpoint {
        var outcome = Outcome()
        outcome.scores = [.validation: 1.0 / 3, .test: .infinity]
        outcome.trainLoss = 0.7
        outcome.steps = 11
        outcome.examples = 88
        outcome.epochs = 2.2
        outcome.workersLost = 1
        outcome.shardsReissued = 2
        outcome.staleAnswers = 3
        outcome.skippedSteps = 4
        let snapshot = Snapshot(
            place: place, round: round, generation: 11, outcome: outcome,
            layout: [
                Snapshot.ParameterLayout(name: "a.weight", shape: [2, 1]),
                Snapshot.ParameterLayout(name: "b.bias", shape: [1]),
            ],
            parameters: [1.5, -0.0, .leastNonzeroMagnitude], moments: [[1, 2, 3], [4, 5, 6]], optimizerSteps: 11)
        return Checkpoint(identity: try identity(), snapshot: snapshot, seconds: 1.25, secondsToThreshold: 0.5)
    }
}

/// A folder in memory that fails at a chosen operation.
final class FailingStore: CheckpointStore {
    let path = "memory"
    var files: [String: [UInt8]] = [:]
    /// The operations that change something, counted down; the one at 0 and all after it fail.
    var operationsLeft = Int.max

    private func spend() throws {
        operationsLeft -= 1
        guard operationsLeft >= 0 else { throw Failure(.data, "cannot write checkpoint", because: "disk full") }
    }

    func names() throws -> [String] { files.keys.sorted() }

    func read(_ name: String) throws -> [UInt8] {
        guard let bytes = files[name] else { throw Failure(.data, "cannot read checkpoint", because: "missing") }
        return bytes
    }

    func create(_ name: String) throws -> any CheckpointOutput {
        try spend()
        files[name] = []
        return Output(store: self, name: name)
    }

    private struct Output: CheckpointOutput {
        let store: FailingStore
        let name: String

        func write(_ bytes: [UInt8]) throws {
            // As when the power goes: half of it is there.
            store.files[name] = Array(bytes.prefix(bytes.count / 2))
            try store.spend()
            store.files[name] = bytes
        }

        func synchronize() throws { try store.spend() }
    }

    func rename(_ name: String, to newName: String) throws {
        try spend()
        files[newName] = files.removeValue(forKey: name)
    }

    func remove(_ name: String) throws {
        try spend()
        files[name] = nil
    }

    func synchronize() throws { try spend() }
}
