import Diagnostics
import Exchange
import Glibc
import Launching
import Messaging
import Observing

// What processes share, and a worker that connects.
extension DependencyCheck {
    /// Shared memory and a test connection.
    static var processes: [DependencyCheck] {
        [
            DependencyCheck(name: "shared memory") {
                do {
                    let memory = try SharedMemory()
                    _ = try memory.makeSeat()
                } catch let failure as Failure {
                    throw Failure(
                        failure.category, failure.what, at: failure.place, because: failure.cause,
                        remedy: "let the sandbox or container allow memfd_create, and see that /proc is mounted")
                }
                return .ok("memfd, sealed and mapped")
            },
            DependencyCheck(name: "test connection") { try connect(LocalLauncher.ownExecutable) },
        ]
    }

    /// Listens, and has a worker process connect, say its first words, and end.
    ///
    /// Call it on the main thread: the kernel kills the worker when the thread that started it ends.
    ///
    /// - Parameters:
    ///   - executable: the program whose command `worker` is the worker.
    ///   - patience: how long that may take.
    /// - Throws: `Failure(.workers)` if it does not come or does not go.
    static func connect(_ executable: String, within patience: Duration = .seconds(10)) throws -> Finding {
        let start = ContinuousClock.now
        let trial = try TrialAdmission(in: try Context())
        let place = trial.endpoint.description
        let worker = try ChildProcess(
            ChildProcess.Command(
                executable,
                ["worker", "--connect", place, "--token-file", "-", "--parent", "\(getpid())", "--quiet"],
                secret: Array(trial.token.secretText.utf8)))
        func failure(_ cause: String) -> Failure {
            Failure(
                .workers, "no worker could connect", at: place, because: cause,
                remedy: "see whether a firewall, a sandbox or a limit forbids connections to 127.0.0.1 or new processes"
            )
        }
        var visitor: Int32?
        while visitor == nil {
            guard .now - start < patience else { throw failure("it did not come in \(patience.seconds) s") }
            visitor = try trial.admit(within: .milliseconds(50))
            if visitor == nil, let status = worker.reap() {
                throw failure("it ended with \(status)" + (worker.errors.last.map { ": \($0)" } ?? ""))
            }
        }
        guard let status = try worker.wait(within: patience), status.isSuccess else {
            throw failure("it came, but did not end as it was told")
        }
        let seconds = Decimals.text((.now - start).seconds, places: 2)
        return .ok("\(place), encrypted; a worker process came and went in \(seconds) s")
    }
}
