import Diagnostics

/// Where the time of a run goes, round by round, in seconds.
///
/// `compute` is the time of the slowest worker of each round; `exchange` is what passes beyond it from the first
/// assignment to the last answer; `wait` is the time between the first and the last answer, in which somebody was idle;
/// `reduce` is the coordinator's own: reduction, optimizer, planning.
public struct RoundClock: Sendable {
    /// Seconds in which the slowest worker of a round computed.
    public private(set) var compute = 0.0
    /// Seconds in which parameters, examples and gradients travelled.
    public private(set) var exchange = 0.0
    /// Seconds between the first and the last answer to a round.
    public private(set) var wait = 0.0
    /// Seconds of reduction, optimizer step and planning.
    public private(set) var reduce = 0.0
    /// The allocations of the coordinator and its local workers so far; nil if nobody counts them (AllocationCounter).
    public internal(set) var allocations: Int?

    private var round: UInt64 = 0
    private var began = ContinuousClock.now
    private var firstAnswer: ContinuousClock.Instant?
    private var lastAnswer: ContinuousClock.Instant?
    private var slowest = 0.0
    private var decision = ContinuousClock.now

    /// Nothing measured yet.
    public init() {}

    mutating func assigned(round: UInt64) {
        guard round != self.round else { return }
        close()
        self.round = round
        began = .now
    }

    /// Takes note of an answer that was there at some time, which is not before its round began.
    mutating func answered(computeSeconds: Double, at time: ContinuousClock.Instant) {
        let time = max(time, began)
        firstAnswer = min(firstAnswer ?? time, time)
        lastAnswer = max(lastAnswer ?? time, time)
        slowest = max(slowest, computeSeconds)
    }

    mutating func decisionBegins() { decision = .now }

    mutating func decisionEnds() { reduce += (ContinuousClock.now - decision).seconds }

    /// Counts the last round.
    mutating func finish() { close() }

    private mutating func close() {
        if let firstAnswer, let lastAnswer {
            compute += slowest
            wait += (lastAnswer - firstAnswer).seconds
            exchange += max(0, (lastAnswer - began).seconds - slowest)
        }
        firstAnswer = nil
        lastAnswer = nil
        slowest = 0
    }
}
