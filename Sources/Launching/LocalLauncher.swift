import Diagnostics
import Glibc

/// Starts worker processes on this machine and ends them together.
///
/// Belongs to one thread, which must outlive the workers. When it goes, all its workers are killed and reaped.
public final class LocalLauncher {
    /// The program of this very process, to start it again in another role.
    public static let ownExecutable = "/proc/self/exe"

    /// The workers started and not yet forgotten, by the number given to `start`.
    public private(set) var children: [Int: ChildProcess] = [:]

    /// Creates a launcher without workers.
    public init() {}

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - number: what to call it; no other worker may have it.
    ///   - command: what to start; for the worker's `dieWithParent`, pass this process's identifier in an argument.
    ///   - onErrorLine: is called with each line of its standard error.
    /// - Returns: the process.
    /// - Throws: `Failure` (workers) when it cannot be started.
    @discardableResult public func start(
        _ number: Int, _ command: ChildProcess.Command, onErrorLine: ((String) -> Void)? = nil
    ) throws -> ChildProcess {
        precondition(children[number] == nil, "a worker of this number was started already")
        let child = try ChildProcess(command, onErrorLine: onErrorLine)
        children[number] = child
        return child
    }

    /// Drains standard error of all workers and collects those that have exited.
    ///
    /// - Returns: their numbers, in order; they are forgotten, so that the number may be used again.
    public func reapExited() -> [(number: Int, child: ChildProcess)] {
        for child in children.values { child.drainErrors() }
        let exited = children.filter { $0.value.reap() != nil }.sorted { $0.key < $1.key }
        for (number, _) in exited { children[number] = nil }
        return exited.map { (number: $0.key, child: $0.value) }
    }

    /// Ends all workers: asks them all, waits for them together, kills those that remain.
    ///
    /// - Parameter grace: how long all of them together may take over ending by themselves.
    /// - Returns: how each ended, by number.
    /// - Throws: `Failure` when one cannot be killed; the others are ended all the same.
    @discardableResult public func terminateAll(grace: Duration) throws -> [Int: ExitStatus] {
        for child in children.values { child.send(signal: SIGTERM) }
        let deadline = ContinuousClock.now.advanced(by: grace)
        var statuses: [Int: ExitStatus] = [:]
        var problem: (any Error)?
        for (number, child) in children.sorted(by: { $0.key < $1.key }) {
            do {
                statuses[number] = try child.finish(within: deadline - ContinuousClock.now)
            } catch {
                problem = error
            }
        }
        children.removeAll()
        if let problem { throw problem }
        return statuses
    }
}
