import Questions
import Training

/// What the page shows of a run, as plain values: everything, or what is new since the last change.
///
/// docs/architecture.md describes its JSON.
struct RunState: Sendable, Equatable {
    /// The version of Lockstep.
    var version: String
    /// Key of everything random.
    var seed: UInt64
    /// Seconds since the run began, at the last event.
    var seconds = 0.0
    /// When the run began, in seconds since 1970.
    var startedAt = 0.0
    /// Whether nothing happens any more.
    var isOver = false
    /// Why the run failed, in one line.
    var failure: String?
    /// The questions to be trained, in order.
    var wanted: [String]
    /// Those that have begun; in a change those of them that changed.
    var questions: [Question] = []
    /// The workers, those that left included.
    var workers: [Worker] = []
    /// The last steps, the newest at the end.
    var timeline: [Step] = []
    /// What a person should know; in a change what is new.
    var notes: [Note] = []

    /// A question.
    struct Question: Sendable, Equatable {
        /// What is trained, and with what.
        var start: TrainingEvent.Start
        /// When it began, in seconds of the run.
        var beganAt: Double
        /// For how long it has been trained.
        var seconds = 0.0
        var isFinished = false
        var step = 0
        /// The steps the recipe allows; nil if that is not known.
        var totalSteps: Int?
        var epoch = 0.0
        /// The loss, averaged over about the last twenty steps.
        var loss: Double?
        var samplesPerSecond: Double?
        var secondsLeft: Double?
        var lossCurve = Curve(stride: 1, first: 1, from: 0, values: [])
        /// The scores; in a change those that are new.
        var scores: [Score] = []
        /// What there is to see; nil in a change that leaves it as it is.
        var pictures: [Picture]? = []
        /// The step of the pictures.
        var picturedAt: Int?
        var grade: TrainingEvent.Grade?
    }

    /// The values of a curve from an index on.
    struct Curve: Sendable, Equatable {
        /// The steps that a value is the mean of.
        var stride: Int
        /// The step that the curve begins with.
        var first: Int
        /// The index of the first value.
        var from: Int
        var values: [Double]
    }

    /// The score of an evaluation.
    struct Score: Sendable, Equatable {
        var step: Int
        var epoch: Double
        var split: Split
        var value: Double
    }

    /// A worker.
    struct Worker: Sendable, Equatable {
        /// What it was up to when the state was made.
        enum Condition: String {
            /// Admitted, and has answered nothing that was told.
            case joined
            /// Has answered lately.
            case computing
            /// Has had nothing to do.
            case waiting
            /// Gone.
            case lost
        }

        var id: Int
        var host: String
        var pid: Int
        var condition = Condition.joined
        /// The shards it has answered.
        var shards = 0
        var samplesPerSecond: Double?
        /// The shares of its last seconds; nil while there is nothing to tell them from.
        var compute: Double?
        var exchange: Double?
        var wait: Double?
        var losses = 0
        var rejoins = 0
        /// Why it was lost; nil while it is there.
        var reason: String?
    }

    /// A step with its pieces of work; times are seconds of the run.
    struct Step: Sendable, Equatable {
        var step: Int
        var began: Double
        var ended: Double
        var pieces: [Piece]
    }

    /// A piece of work of a step.
    struct Piece: Sendable, Equatable {
        var worker: Int
        var shards: Range<Int>
        var assigned: Double
        var answered: Double
        var compute: Double
    }

    /// Something a person should know.
    struct Note: Sendable, Equatable {
        var seconds: Double
        var text: String
        var isWarning: Bool
    }
}
