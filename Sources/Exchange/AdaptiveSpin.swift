import Platform

/// A short while of looking at a word before a thread sleeps until it changes.
///
/// Whoever else wants the processor is let run meanwhile, and only the time of looking counts. Somebody who then computes
/// for long, as another program does, would come first every time: the system has who lets others run wait for their turn to
/// end, and who wakes up need not. So a thread that waited like this sleeps at once for a while: a short one at first, since
/// that happens while a training begins too, and a longer one the more often it does.
struct AdaptiveSpin {
    /// How long a thread may be kept waiting by those it lets run: more than reducing takes, where steps are so short that
    /// waking up counts, and less than a turn of the scheduler's.
    private static let patience: Int64 = 1_000_000
    /// How long a thread does not look again that was kept waiting, at least and at most.
    private static let pauses: (shortest: Int64, longest: Int64) = (5_000_000, 200_000_000)

    private let limit: Int64
    /// The next pause, in nanoseconds: four times as long after each, an eighth shorter whenever looking was of use.
    private(set) var pause = pauses.shortest
    /// The end of the pause, by the clock of `platform_nanoseconds`.
    private var pauseEnd = Int64.min

    /// A while that is not used up.
    ///
    /// - Parameter limit: how long to look at a time.
    init(limit: Duration) { self.limit = limit.nanoseconds }

    /// Whether the next call does not look.
    var isPausing: Bool { pauseEnd > platform_nanoseconds() }

    /// Looks at a word while it has a value.
    ///
    /// - Returns: whether it has another; false if it is time to sleep.
    mutating func wait(while word: SharedWord, is value: UInt32) -> Bool {
        guard !isPausing else { return false }
        var wasKeptWaiting: Int32 = 0
        let hasChanged = platform_spin_while(word.address, value, limit, Self.patience, &wasKeptWaiting) != 0
        if wasKeptWaiting != 0 {
            pauseEnd = platform_nanoseconds() + pause
            pause = min(4 * pause, Self.pauses.longest)
        } else if hasChanged {
            pause = max(pause - pause / 8, Self.pauses.shortest)
        }
        return hasChanged
    }
}
