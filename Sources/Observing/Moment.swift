import FoundationEssentials

/// When something happened in a run.
///
/// Both times follow the monotonic clock from the start of the run, so that they never go back.
public struct Moment: Sendable, Equatable {
    /// Seconds since the run began.
    public let seconds: Double
    /// Seconds since 1970.
    public let unixTime: Double

    /// Creates a moment.
    public init(seconds: Double, unixTime: Double) {
        self.seconds = seconds
        self.unixTime = unixTime
    }
}

/// The clock of a run.
public struct RunClock: Sendable {
    private let start = ContinuousClock.now
    private let unixStart = Date().timeIntervalSince1970

    /// Begins now.
    public init() {}

    /// The moment that is now.
    public var now: Moment { moment(of: .now) }

    /// The moment of an instant.
    public func moment(of instant: ContinuousClock.Instant) -> Moment {
        let seconds = (instant - start) / .seconds(1)
        return Moment(seconds: seconds, unixTime: unixStart + seconds)
    }
}
