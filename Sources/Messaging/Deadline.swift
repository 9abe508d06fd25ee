/// A point in time on the monotonic clock, until which a call may block.
struct Deadline {
    private let instant: ContinuousClock.Instant

    /// Sets the deadline `duration` from now; a negative duration counts as zero.
    init(after duration: Duration) {
        instant = ContinuousClock.now.advanced(by: max(duration, .zero))
    }

    /// The time left in milliseconds, rounded up, at most a day; zero when the deadline has passed.
    var milliseconds: Int {
        Deadline.milliseconds(instant - ContinuousClock.now)
    }

    /// A duration in whole milliseconds, rounded up, between zero and a day.
    static func milliseconds(_ duration: Duration) -> Int {
        guard duration > .zero else { return 0 }
        guard duration < .seconds(86_400) else { return 86_400_000 }
        let (seconds, attoseconds) = duration.components
        let thousandth: Int64 = 1_000_000_000_000_000
        return Int(seconds * 1000 + (attoseconds + thousandth - 1) / thousandth)
    }
}
