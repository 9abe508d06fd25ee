import Datasets
import Diagnostics
import Foundation
import Messaging
import Questions
import Testing
import Training

@testable import Exchange

/// The longest that any test waits for something that should happen.
let patience = Duration.seconds(20)
/// The version that the pools of these tests are of.
let version = "1.2.3"
/// What local workers must know.
let secretBytes: [UInt8] = Array(1...32)
/// The same, as pools and workers are given it.
let secret = Secret(secretBytes)

/// Local processes that never end, so that a pool without members goes on waiting.
final class EndlessProcesses: WorkerProcesses {
    let descriptors: [Int32] = []
    let anyAlive = true
    let timeToNextLook: Duration? = nil
    let startFailure: String? = nil

    func collectEnds() -> [(pid: Int32, reason: String)] { [] }
}

/// Ends a run that takes longer than any test should, so that it fails instead of hanging.
final class TimeLimit: InterruptionSource {
    let descriptors: [Int32] = []
    private let end = ContinuousClock.now + .seconds(30)

    func pending() -> Int32? { ContinuousClock.now > end ? SIGALRM : nil }
}

/// A folder of its own, gone with the object.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func cache(_ name: String) throws -> DataSetCache { try DataSetCache(folder: "\(path)/\(name)") }
}

/// Runs something on a thread of its own, and keeps what it came to.
final class Background: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let problem = Problem()

    private final class Problem: @unchecked Sendable {
        var error: (any Error)?
    }

    init(_ body: @escaping @Sendable () throws -> Void) {
        Thread { [done, problem] in
            do {
                try body()
            } catch {
                problem.error = error
            }
            done.signal()
        }.start()
    }

    /// Waits for the end.
    ///
    /// - Returns: the error it ended with; nil if with none.
    func finish() throws -> (any Error)? {
        try #require(done.wait(timeout: .now() + 30) == .success, "a thread does not end")
        return problem.error
    }
}

/// A question with its data, and what one process makes of it.
struct Lesson {
    let question: any Question
    let configuration: Configuration
    let data: DataSet
    let seed: UInt64 = 3

    init(_ name: String = "linear", _ text: String = "{ batchSize: 4, epochs: 20, learningRate: 0.1 }") throws {
        configuration = try Configuration(parsing: Array(text.utf8), file: "\(name).json5")
        question = try QuestionCatalog.make(try #require(QuestionCatalog.named(name)), configuration)
        let empty = try Scratch()
        data = try question.loadData(from: DataFolder(explicit: empty.path))
    }

    func session() throws -> Session { try Session(question, data: data, seed: seed) }

    /// The digest of the parameters after training without sockets.
    func digest() throws -> String {
        let session = try session()
        try LocalTrainer(session, seed: seed).train()
        return session.parameters.values.sha256
    }
}

/// What a pool made of a lesson.
struct Trained {
    let session: Session
    let events: [TrainingEvent]

    var notes: [String] {
        events.compactMap { if case .note(let text) = $0 { text } else { nil } }
    }

    var joined: Int { events.count { if case .workerJoined = $0 { true } else { false } } }

    var lossReasons: [String] {
        events.compactMap { if case .workerLost(_, let reason) = $0 { reason } else { nil } }
    }
}

/// Trains a lesson with a pool, while something else happens on another thread.
///
/// - Parameters:
///   - remote: where other hosts may connect.
///   - memory: what workers with a seat share with the pool.
///   - meanwhile: given the context and the pool's endpoints; what it throws is a failure of the test.
func train(
    _ lesson: Lesson, scratch: Scratch, context: Context, remote: WorkerPool.Settings.Remote? = nil,
    memory: SharedMemory? = nil, meanwhile: @escaping @Sendable (_ local: Endpoint, _ remote: Endpoint?) throws -> Void
) throws -> Trained {
    let local = Endpoint.uniqueLocal()
    let pool = try WorkerPool(
        WorkerPool.Settings(
            local: local, secret: secret, remote: remote, version: version, memory: memory),
        context: context,
        processes: EndlessProcesses(), interruption: TimeLimit())
    let file = try DataFile(lesson.data, in: scratch.cache("coordinator"))
    let session = try lesson.session()
    let remoteEndpoint = try pool.remoteEndpoint
    let other = Background { try meanwhile(local, remoteEndpoint) }
    var events: [TrainingEvent] = []
    _ = try pool.train(
        session, question: type(of: lesson.question).name, configuration: lesson.configuration.canonicalJSON(),
        seed: lesson.seed, dataFile: file
    ) { events.append($0) }
    pool.dismiss()
    if let error = try other.finish() { throw error }
    return Trained(session: session, events: events)
}

/// Works for a pool until its farewell, as a real worker does.
func work(
    _ invitation: WorkerLoop.Invitation, _ context: Context, cache: DataSetCache, seat: SeatTicket? = nil,
    threads: Int = 1
) throws {
    try WorkerLoop(
        invitation, context: context, cache: cache, version: version, seat: seat.map { try $0.take() },
        threads: threads, patience: patience
    ).run()
}

/// A seat on its way to the thread of a worker: copies of the descriptors that a process would have inherited.
struct SeatTicket: Sendable {
    let number: Int
    let descriptors: [Int32]

    init(_ memory: SharedMemory, process: pid_t = getpid()) throws {
        let seat = try #require(try memory.makeSeat())
        memory.give(seat, to: process)
        number = seat.number
        descriptors = seat.descriptors.map { dup($0) }
    }

    func take() throws -> WorkerSeat {
        try WorkerSeat(
            number,
            descriptors: (board: descriptors[0], desk: descriptors[1], bell: descriptors[2], tally: descriptors[3]))
    }
}
