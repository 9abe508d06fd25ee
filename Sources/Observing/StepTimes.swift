import Training

/// Where the time of a step goes, from the pieces of work that make it up.
///
/// As in a report: `compute` is the time of the slowest worker, `exchange` what passes beyond it from the first piece
/// handed out to the last answer, `wait` the time between the first and the last answer. In seconds.
struct StepTimes: Equatable {
    /// When the first piece was handed out, in seconds of the run.
    private(set) var began: Double
    /// When the last answer was there.
    private(set) var answered: Double
    /// The time the slowest worker computed.
    private(set) var compute: Double
    private var firstAnswer: Double

    /// From the first piece handed out to the last answer, without computing.
    var exchange: Double { max(0, answered - began - compute) }
    /// Between the first answer and the last.
    var wait: Double { answered - firstAnswer }

    private init(_ piece: TrainingEvent.Piece, _ clock: RunClock) {
        began = clock.moment(of: piece.assigned).seconds
        answered = clock.moment(of: piece.answered).seconds
        firstAnswer = answered
        compute = piece.computeSeconds
    }

    private mutating func add(_ other: StepTimes) {
        began = min(began, other.began)
        answered = max(answered, other.answered)
        firstAnswer = min(firstAnswer, other.firstAnswer)
        compute = max(compute, other.compute)
    }

    /// Gathers the pieces of a round until it is complete.
    struct Watch {
        private let clock: RunClock
        private var round = 0
        private var times: StepTimes?

        /// - Parameter clock: the run's.
        init(clock: RunClock) { self.clock = clock }

        /// Takes a piece in; one of an earlier round comes too late to count.
        mutating func add(_ piece: TrainingEvent.Piece) {
            guard piece.round >= round else { return }
            let its = StepTimes(piece, clock)
            if piece.round == round, times != nil { times?.add(its) } else { times = its }
            round = piece.round
        }

        /// Gives what was gathered, when the round is complete; nil if no piece was told.
        mutating func take() -> StepTimes? {
            defer {
                times = nil
                round += 1
            }
            return times
        }

        /// Forgets everything, as when a question begins, whose rounds are counted anew.
        mutating func reset() { self = Watch(clock: clock) }
    }
}
