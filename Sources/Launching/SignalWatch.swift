import Diagnostics
import Glibc
import Platform

/// Turns SIGINT and SIGTERM into something to poll, so that a run can end in good order.
///
/// Each signal is caught once: when the user presses Ctrl-C a second time, the process dies at once, even if it hangs.
/// Signals concern the whole process, so there may be one watch at a time; its end restores what was before.
public final class SignalWatch {
    /// A signal that asks the process to end.
    public enum Request: Int32, Hashable, Sendable {
        /// Ctrl-C.
        case interrupt = 2
        /// A plain `kill`, or the system that shuts down.
        case terminate = 15

        /// The exit code that says so: 128 and the signal's number.
        public var exitCode: Int32 { 128 + rawValue }
    }

    private let pipe: Pipe
    private let isWatching: Bool

    /// Starts watching.
    ///
    /// - Throws: `Failure` (workers) when another watch exists or no descriptor is left.
    public init() throws {
        pipe = try Descriptor.pipe()
        try pipe.readEnd.setNonBlocking()
        try pipe.writeEnd.setNonBlocking()
        let result = platform_watch_signals([SIGINT, SIGTERM], 2, pipe.writeEnd.number)
        isWatching = result == 0
        _ = try SystemError.check(result, "cannot watch signals")
    }

    /// Becomes readable when a signal has arrived.
    public var descriptor: Int32 { pipe.readEnd.number }

    /// Takes the next signal that has arrived, without waiting.
    public func next() -> Request? {
        var byte: UInt8 = 0
        while true {
            let count = read(pipe.readEnd.number, &byte, 1)
            if count == 1 { return Request(rawValue: Int32(byte)) }
            if count == 0 || errno != EINTR { return nil }
        }
    }

    deinit {
        if isWatching { platform_unwatch_signals() }
    }
}
