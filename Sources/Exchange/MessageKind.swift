/// What a message between coordinator and worker says; the raw value travels in its header.
enum MessageKind: UInt16 {
    // From a worker.
    /// First words: version, machine, secret.
    case hello = 1
    /// The question of the epoch is prepared; work may come.
    case ready = 2
    /// Asks for a piece of the data set.
    case dataRequest = 3
    /// The answer to a piece of work.
    case result = 4
    /// The worker cannot go on, and why.
    case failed = 5
    /// The worker leaves of its own accord.
    case goodbye = 6
    /// The worker is alive; from a connection of its own.
    case heartbeat = 7

    // From the coordinator.
    /// The worker is admitted; with the ticket for its heartbeats.
    case welcome = 16
    /// The worker is turned away, and why.
    case refused = 17
    /// A question to prepare for.
    case prepare = 18
    /// A piece of the data set.
    case data = 19
    /// A piece of work.
    case work = 20
    /// The coordinator is alive.
    case ping = 21
    /// The run is over; the worker may end.
    case farewell = 22
    /// The member of a heartbeat has lost its place, and has to join anew.
    case rejoin = 23
}
