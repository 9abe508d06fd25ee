import Datasets
import Diagnostics
import Questions
import Training

/// All that a run needs to go on with a training: what it is a function of, its state, and the time it took so far.
public struct Checkpoint: Sendable, Equatable {
    /// What the result is a function of.
    public var identity: TrainingIdentity
    /// The state of the session.
    public var snapshot: Snapshot
    /// The seconds the training has taken so far, over all runs.
    public var seconds: Double
    /// The seconds until the validation score first passed the threshold; nil if it has not.
    public var secondsToThreshold: Double?

    /// Creates a checkpoint.
    public init(identity: TrainingIdentity, snapshot: Snapshot, seconds: Double, secondsToThreshold: Double? = nil) {
        self.identity = identity
        self.snapshot = snapshot
        self.seconds = seconds
        self.secondsToThreshold = secondsToThreshold
    }

    /// Sees that it belongs to a training.
    ///
    /// - Parameter path: the file it was read from, for the message.
    /// - Throws: `Failure(.data)` that names what is different.
    public func check(belongsTo current: TrainingIdentity, path: String) throws {
        let differences = current.differences(from: identity)
        guard differences.isEmpty else {
            throw Failure(
                .data, "cannot resume", at: path, because: differences.joined(separator: ", "),
                remedy: "give the options of that run, or another --checkpoint folder")
        }
    }
}
