/// The local worker processes a coordinator started, as far as the exchange needs to know of them.
public protocol WorkerProcesses: AnyObject {
    /// File descriptors that become readable when a process ends or says something.
    var descriptors: [Int32] { get }
    /// The processes that have ended since the last call.
    ///
    /// - Throws: `Failure(.workers)` if the run cannot do without one of them.
    func collectEnds() throws -> [(pid: Int32, reason: String)]
    /// The time until `collectEnds` wants to be called, whatever happens; nil if it can wait.
    var timeToNextLook: Duration? { get }
    /// Whether a process is alive.
    var anyAlive: Bool { get }
    /// Why no process could be started in place of one that has ended; nil if each could that was to be.
    var startFailure: String? { get }
}

/// What has work and answers get lost on purpose.
public protocol MessageLoss: AnyObject {
    /// Whether the message that is about to pass is lost instead.
    func losesMessage() -> Bool
}

/// What may end a run early: signals, as file descriptors.
public protocol InterruptionSource: AnyObject {
    /// File descriptors that become readable when an interruption is pending.
    var descriptors: [Int32] { get }
    /// The number of the signal that is pending; nil if there is none.
    func pending() -> Int32?
}

/// A signal ended the run.
public struct Interrupted: Error {
    /// The signal's number.
    public let signal: Int32

    /// The exit code by the shells' convention.
    public var exitCode: Int32 { 128 + signal }

    /// Creates an interruption by a signal.
    public init(signal: Int32) {
        self.signal = signal
    }
}
