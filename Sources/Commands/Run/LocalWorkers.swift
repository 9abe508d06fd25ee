import Diagnostics
import Exchange
import Glibc
import Launching
import Messaging

/// The worker processes a run started on this machine, and what they leave behind when they end.
///
/// A worker whose process ends is replaced, for as long as the run moves on.
final class LocalWorkers: WorkerProcesses {
    /// How many may end, times the number of workers, and how much time may pass without anything being completed,
    /// before none is replaced any more: what kills them all then is not chance.
    private static let patience = (ends: 3, time: Duration.seconds(5))

    private let launcher = LocalLauncher()
    private var openErrors: Set<Int32> = []
    private(set) var startFailure: String?
    private let areAllNeeded: Bool
    private let chaos: Chaos?
    private var command: ChildProcess.Command?
    private var memory: SharedMemory?
    private var count = 0
    private var endsWithoutProgress = 0
    private var lastProgress = ContinuousClock.now

    /// No workers yet.
    ///
    /// - Parameters:
    ///   - areAllNeeded: whether the end of a single one ends the run, as when it is measured.
    ///   - chaos: what strikes them on purpose; nil for nothing.
    init(areAllNeeded: Bool = false, chaos: Chaos? = nil) {
        self.areAllNeeded = areAllNeeded
        self.chaos = chaos
    }

    /// Starts workers that join a run; each is this very program in another role.
    ///
    /// Call it on the main thread: the kernel kills the workers when the thread that started them ends.
    ///
    /// - Parameters:
    ///   - heartbeat: the time between two signs of life of a worker.
    ///   - secret: what proves that they belong to this run; handed over on their standard input.
    ///   - threads: how many of each compute.
    ///   - memory: what they share with the coordinator.
    /// - Throws: `Failure(.workers)` if one cannot be started.
    func start(
        _ count: Int, endpoint: Endpoint, secret: Secret, heartbeat: Duration, threads: Int, memory: SharedMemory
    ) throws {
        self.count = count
        self.memory = memory
        let command = ChildProcess.Command(
            LocalLauncher.ownExecutable,
            [
                "worker", "--connect", endpoint.description, "--parent", "\(getpid())", "--quiet",
                "--heartbeat", "\(heartbeat.seconds)", "--threads", "\(threads)",
            ], secret: secret.bytes)
        self.command = command
        for number in 0..<count { try start(number, command) }
    }

    private func start(_ number: Int, _ command: ChildProcess.Command) throws {
        var command = command
        let seat = try memory?.makeSeat()
        if let seat {
            command.arguments += ["--seat", "\(seat.number)"]
            command.inherited = seat.descriptors
        }
        do {
            let child = try launcher.start(number, command)
            if let seat { memory?.give(seat, to: child.identifier) }
            openErrors.insert(child.errorDescriptor)
        } catch {
            if let seat { memory?.takeBack(seat) }
            throw error
        }
    }

    /// Takes note that the run has completed something, so that workers who end from now on are replaced again.
    func runMoved() {
        endsWithoutProgress = 0
        lastProgress = .now
    }

    var descriptors: [Int32] {
        launcher.children.values.flatMap { child in
            [child.exitDescriptor] + (openErrors.contains(child.errorDescriptor) ? [child.errorDescriptor] : [])
        }
    }

    /// The processes that have not ended.
    var identifiers: [Int32] { launcher.children.values.map(\.identifier).sorted() }

    var anyAlive: Bool { !launcher.children.isEmpty }

    var timeToNextLook: Duration? { chaos?.timeToNext }

    func collectEnds() throws -> [(pid: Int32, reason: String)] {
        if let chaos { strike(chaos.due(Array(launcher.children.keys))) }
        let ends = reap()
        if areAllNeeded, let end = ends.first {
            throw Failure(.workers, "a worker ended while the run was measured", because: end.child.reason)
        }
        for end in ends {
            chaos?.forget(end.number)
            memory?.takeBack(from: end.child.pid)
            endsWithoutProgress += 1
            if endsWithoutProgress <= count * Self.patience.ends || .now - lastProgress < Self.patience.time {
                replace(end.number)
            }
        }
        return ends.map(\.child)
    }

    /// Starts a worker in place of one that has ended; that it cannot be started is no reason to end the others.
    private func replace(_ number: Int) {
        guard let command else { return }
        do {
            try start(number, command)
        } catch {
            startFailure = "\(error)"
        }
    }

    private func strike(_ blows: [Chaos.Blow]) {
        for blow in blows {
            switch blow {
            case .kill(let number): launcher.children[number]?.send(signal: SIGKILL)
            case .stop(let number): launcher.children[number]?.send(signal: SIGSTOP)
            case .proceed(let number): launcher.children[number]?.send(signal: SIGCONT)
            }
        }
    }

    private func reap() -> [(number: Int, child: (pid: Int32, reason: String))] {
        for child in launcher.children.values where !child.drainErrors() { openErrors.remove(child.errorDescriptor) }
        return launcher.reapExited().map { number, child in
            openErrors.remove(child.errorDescriptor)
            let status = child.status.map { "\($0)" } ?? "ended"
            let reason = child.errors.last.map { "\(status): \($0)" } ?? status
            return (number, (child.identifier, reason))
        }
    }

    /// Waits for all workers to end; who does not in time is killed.
    ///
    /// - Parameter told: the processes that were told to go; a signal would only cut their farewell short. The others,
    ///   which never joined, know of nothing and get one at once.
    func end(told: Set<Int32>) {
        if let chaos { strike(chaos.end()) }
        for child in launcher.children.values where !told.contains(child.identifier) { child.send(signal: SIGTERM) }
        let deadline = ContinuousClock.now + .seconds(2)
        while anyAlive, ContinuousClock.now < deadline {
            _ = reap()
            if anyAlive { usleep(2000) }
        }
        _ = try? launcher.terminateAll(grace: .seconds(1))
    }
}
