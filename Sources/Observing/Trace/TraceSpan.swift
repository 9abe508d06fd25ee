/// Something on a track of a trace: a stretch of time, or a number at a moment.
struct TraceSpan: Equatable {
    /// What it is; the raw value is its name in the file.
    enum Kind: String {
        /// Work on its way to a worker.
        case send
        /// A worker computing gradients.
        case gradient
        /// A worker computing scores.
        case evaluate
        /// A worker looking for the perceptron's first mistake.
        case search
        /// An answer on its way back.
        case `return`
        /// A worker without work.
        case wait
        /// A step, from the first piece handed out to the new parameters.
        case step
        /// The coordinator summing gradients and updating parameters.
        case reduce
        /// An evaluation, from the first piece handed out to the score.
        case evaluation
        /// The loss of a step.
        case loss
        /// Examples a second.
        case rate = "samples_per_second"

        /// Whether it is a number at a moment.
        var isCounter: Bool { self == .loss || self == .rate }
    }

    /// What kind of round it belongs to.
    enum Round: UInt8 { case step, evaluation }

    let kind: Kind
    /// The worker's number; 0 is the coordinator.
    let track: Int32
    /// The kind of its round.
    let round: Round
    /// The number of its round among those of its kind, by which it is kept or not.
    let number: Int
    /// Seconds of the run.
    let start: Double
    /// Seconds of the run; of a counter, its value.
    let end: Double
}
