/// When a worker counts as gone, and how many there must be.
public struct Membership: Sendable {
    /// How long a worker may be silent before its work goes to others.
    public var lease: Duration
    /// The number of ready workers without which no work is handed out.
    public var minimumWorkers: Int
    /// How long a session waits for that many, while none comes closer to being ready.
    public var waitingLimit: Duration

    /// Creates the rules of membership.
    ///
    /// - Parameter lease: positive; workers should be heard of several times within it.
    public init(lease: Duration = .seconds(10), minimumWorkers: Int = 1, waitingLimit: Duration = .seconds(60)) {
        precondition(lease > .zero && minimumWorkers > 0 && waitingLimit > .zero)
        self.lease = lease
        self.minimumWorkers = minimumWorkers
        self.waitingLimit = waitingLimit
    }
}
