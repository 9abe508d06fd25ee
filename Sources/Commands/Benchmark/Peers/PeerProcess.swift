import Diagnostics
import Exchange
import FoundationEssentials
import Launching

/// Programs that a benchmark runs to their end, one after another.
enum PeerProcess {
    /// Runs programs, and ends them when a signal comes.
    struct Runner {
        /// What a signal is learned from.
        let interruption: any InterruptionSource

        /// Runs a program to its end; its standard output is dropped.
        ///
        /// - Parameters:
        ///   - program: its path, or a name that is looked up in `PATH`.
        ///   - environment: variables set in addition to this process's.
        /// - Returns: the seconds from its start to its end.
        /// - Throws: `Failure(.workers)` if it cannot be started, fails, or takes too long; `Interrupted`.
        @discardableResult
        func run(
            _ program: String, _ arguments: [String], environment: [String: String] = [:], within limit: Duration
        ) throws -> Double {
            let isPath = program.contains("/")
            let start = ContinuousClock.now
            let child = try ChildProcess(
                ChildProcess.Command(
                    isPath ? program : "/usr/bin/env", isPath ? arguments : [program] + arguments,
                    environment: environment))
            while start.duration(to: .now) < limit {
                if let status = try child.wait(within: .milliseconds(50)) {
                    let seconds = start.duration(to: .now).seconds
                    guard status.isSuccess else {
                        throw Failure(
                            .workers, "a program failed", at: ([program] + arguments.prefix(1)).joined(separator: " "),
                            because: "\(status)" + (child.errors.last.map { ": \($0)" } ?? ""))
                    }
                    return seconds
                }
                if let signal = interruption.pending() {
                    try child.terminate(grace: .seconds(5))
                    throw Interrupted(signal: signal)
                }
            }
            try child.terminate(grace: .seconds(5))
            throw Failure(
                .workers, "a program takes too long", at: program, because: "it did not end within \(limit.seconds) s")
        }
    }
}
