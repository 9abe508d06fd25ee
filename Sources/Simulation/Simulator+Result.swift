import Checkpoints
import Diagnostics
import Training

extension Simulator {
    /// What went wrong with a run.
    enum Problem: Error, Equatable, CustomStringConvertible {
        /// It was not over long after the faults had ended.
        case hangs
        /// It ended otherwise than the quiet run.
        case differs(String)
        /// A checkpoint that was said to be kept was not there, on a disk that had not broken its promise.
        case lostCheckpoint(round: UInt64)
        /// A checkpoint was read that was never written.
        case acceptedDamage(round: UInt64)
        /// It ended with a failure that it should not have had.
        case fails(String)

        var description: String {
            switch self {
            case .hangs: "it hangs: it was not over long after the faults had ended"
            case .differs(let what): "it did not end as the quiet run: \(what)"
            case .lostCheckpoint(let round): "the checkpoint of round \(round), said to be kept, was lost"
            case .acceptedDamage(let round): "a damaged checkpoint of round \(round) was taken for a good one"
            case .fails(let failure): "it failed: \(failure)"
            }
        }
    }

    /// What a run came to.
    struct Result: Equatable, Sendable {
        /// The digest of the parameters.
        var digest: String
        /// What was told of steps and scores, in order, along the history that led to the result.
        var story: [TrainingEvent]
        /// What came of the session, without what happened to its workers.
        var outcome: Outcome
        /// The failure that ended it, where the numbers themselves are the cause; nil if it was trained.
        var failure: String?

        /// The first thing in which another result is different, in words; nil if it is the same.
        func difference(from quiet: Result) -> String? {
            if failure != quiet.failure {
                return "\(failure ?? "it succeeded") instead of \(quiet.failure ?? "success")"
            }
            for (index, pair) in zip(story, quiet.story).enumerated() where pair.0 != pair.1 {
                return "event \(index + 1) was \(pair.0) instead of \(pair.1)"
            }
            if story.count != quiet.story.count { return "\(story.count) events instead of \(quiet.story.count)" }
            if digest != quiet.digest { return "other parameters" }
            return self == quiet ? nil : "\(outcome) instead of \(quiet.outcome)"
        }
    }

    /// Faults of a test's own, to see that they are caught; none by default.
    struct Plant {
        /// Stands between the simulated pool and the session.
        var handler: (Session, SessionEvent, Duration) throws -> [SessionAction] = { try $0.handle($1, at: $2) }
        /// Stands between the checkpoints and the disk.
        var store: (SimulatedDisk) -> any CheckpointStore = { $0 }
    }
}
