/// The time a session has watched, by a clock that others read for it.
///
/// What passes between two looks counts up to a bound only. A coordinator that was stopped, or whose clock jumped,
/// has not listened in the meantime, and must not take its workers' silence for death.
struct SessionClock {
    /// The time watched so far.
    private(set) var elapsed = Duration.zero
    private var last: Duration?
    private let longestLook: Duration

    init(longestLook: Duration) {
        self.longestLook = longestLook
    }

    /// Takes a reading of a clock that never goes backwards; an earlier reading than the last one counts as the same.
    mutating func advance(to now: Duration) {
        if let last, now > last { elapsed += min(now - last, longestLook) }
        last = max(last ?? now, now)
    }
}
