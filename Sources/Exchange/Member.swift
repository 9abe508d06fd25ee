import Messaging
import Training

/// Where a connected worker can be reached: the socket it came in by, and its routing identity there.
struct Address: Hashable {
    let listener: Int
    let identity: Identity
}

/// A worker that was admitted.
struct Member: CustomStringConvertible {
    /// Its name within the run.
    let id: WorkerID
    /// Where to reach it.
    let address: Address
    /// The machine it runs on.
    let host: String
    /// Its process there.
    let pid: Int32
    /// What its heartbeats prove themselves with.
    let ticket: HeartbeatTicket
    /// Its seat at the shared memory; nil if it exchanges by messages.
    let seat: Int?
    /// When its last heartbeat came.
    var lastHeard = ContinuousClock.now
    /// The epoch of the question it is ready for.
    var readyFor: UInt32 = 0
    /// The generation of parameters it has of that question; nil for none.
    var generation: UInt64?

    /// Who it is, for people.
    var description: String { "worker \(id.number) (\(host), process \(pid))" }
}
