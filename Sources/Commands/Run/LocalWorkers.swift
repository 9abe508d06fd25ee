import Diagnostics
import Exchange
import Glibc
import Launching
import Messaging

/// The worker processes a run started on this machine, and what they leave behind when they end.
final class LocalWorkers: WorkerProcesses {
    private let launcher = LocalLauncher()
    private var openErrors: Set<Int32> = []
    private(set) var lastWords: String?
    private let areAllNeeded: Bool

    /// No workers yet.
    ///
    /// - Parameter areAllNeeded: whether the end of a single one ends the run, as when it is measured.
    init(areAllNeeded: Bool = false) {
        self.areAllNeeded = areAllNeeded
    }

    /// Starts workers that join a run; each is this very program in another role.
    ///
    /// Call it on the main thread: the kernel kills the workers when the thread that started them ends.
    ///
    /// - Parameters:
    ///   - heartbeat: the time between two signs of life of a worker.
    ///   - secret: what proves that they belong to this run; handed over on their standard input.
    /// - Throws: `Failure(.workers)` if one cannot be started.
    func start(_ count: Int, endpoint: Endpoint, secret: Secret, heartbeat: Duration) throws {
        for number in 0..<count {
            let child = try launcher.start(
                number,
                ChildProcess.Command(
                    LocalLauncher.ownExecutable,
                    [
                        "worker", "--connect", endpoint.description, "--parent", "\(getpid())", "--quiet",
                        "--heartbeat", "\(heartbeat.seconds)",
                    ], secret: secret.bytes))
            openErrors.insert(child.errorDescriptor)
        }
    }

    var descriptors: [Int32] {
        launcher.children.values.flatMap { child in
            [child.exitDescriptor] + (openErrors.contains(child.errorDescriptor) ? [child.errorDescriptor] : [])
        }
    }

    /// The processes that have not ended.
    var identifiers: [Int32] { launcher.children.values.map(\.identifier).sorted() }

    var anyAlive: Bool { !launcher.children.isEmpty }

    func collectEnds() throws -> [(pid: Int32, reason: String)] {
        let ends = reap()
        if areAllNeeded, let end = ends.first {
            throw Failure(.workers, "a worker ended while the run was measured", because: end.reason)
        }
        return ends
    }

    private func reap() -> [(pid: Int32, reason: String)] {
        for child in launcher.children.values where !child.drainErrors() { openErrors.remove(child.errorDescriptor) }
        return launcher.reapExited().map { _, child in
            let status = child.status.map { "\($0)" } ?? "ended"
            let reason = child.errors.last.map { "\(status): \($0)" } ?? status
            lastWords = "the last one \(reason)"
            return (child.identifier, reason)
        }
    }

    /// Waits for all workers to end; who does not in time is killed.
    ///
    /// - Parameter told: the processes that were told to go; a signal would only cut their farewell short. The others,
    ///   which never joined, know of nothing and get one at once.
    func end(told: Set<Int32>) {
        for child in launcher.children.values where !told.contains(child.identifier) { child.send(signal: SIGTERM) }
        let deadline = ContinuousClock.now + .seconds(2)
        while anyAlive, ContinuousClock.now < deadline {
            _ = reap()
            if anyAlive { usleep(2000) }
        }
        _ = try? launcher.terminateAll(grace: .seconds(1))
    }
}
