import Checkpoints
import Tensors
import Training

/// A whole run in virtual time: the real session, the real computation and the real checkpoints, with processes,
/// network, disk, faults and clock that a seed decides.
///
/// Workers behave as the worker's loop does, and the coordinator's side as the pool and the run of the coordinator do: a
/// worker has an address for as long as its process lives, is admitted under a new name each time it says hello, and is
/// told to join anew when its heartbeat speaks for a name that is not known any more. The network loses, delays, doubles
/// and reorders messages, and is partitioned; processes crash, stop and are slow; the clock jumps forward; the
/// coordinator ends at any moment and is started again with what its disk still holds. After `calm` faults end.
///
/// Belongs to one thread.
final class Simulator {
    static let second = 1_000_000
    static let lease = 1 * second
    static let heartbeat = lease / 10
    /// When faults end, and when a run must be over.
    static let calm = 8 * second
    static let end = 120 * second

    /// A worker's process: which worker, and which of its processes.
    struct Address: Hashable {
        let worker: Int
        let process: Int
    }

    /// What a worker is known by: its name, and the coordinator's process that gave it.
    struct Ticket: Comparable {
        let life: Int
        let name: WorkerID

        static func < (left: Ticket, right: Ticket) -> Bool {
            (left.life, left.name) < (right.life, right.name)
        }
    }

    enum Message {
        case hello
        case welcome(Ticket)
        case heartbeat(Ticket)
        case rejoin(Ticket)
        case work(Work, Storage, life: Int)
        case result(WorkResult, life: Int)
    }

    enum Event {
        case toWorker(Address, Message)
        case toPool(Address, Message)
        case computed(Address)
        case alive(Address)
        case starts(Int)
        case endNoticed(Address, life: Int)
        case coordinatorStarts
        case tick(life: Int)
        case fault
    }

    let training: Scenario.Training
    let plant: Plant
    let trace: ((String) -> Void)?
    let runner: ShardRunner
    let disk: SimulatedDisk
    let isQuiet: Bool
    let climate: Climate
    var random: SimulatedRandom
    var queue = SimulatedQueue<Event>()
    var now = 0
    var clockAhead = 0
    var workers: [Worker]
    var processes = 0
    /// The coordinator's process; nil while there is none.
    var coordinator: Coordinator?
    var lives = 0
    /// What was handed to the disk, and the story that had led there, by round.
    var memories: [UInt64: [(snapshot: Snapshot, story: [TrainingEvent])]] = [:]
    /// The rounds whose state was said to be kept.
    var kept: Set<UInt64> = []
    var result: Result?
    /// Whether the result was found a second time, after the coordinator was started again at the end.
    var isConfirmed = false
    var counts = FaultCounts()

    /// Prepares a run; without a seed one in which nothing goes wrong.
    ///
    /// - Throws: what the question throws.
    init(seed: UInt64?, scenario: Scenario, plant: Plant = Plant(), trace: ((String) -> Void)? = nil) throws {
        training = try scenario.make()
        runner = try ShardRunner(training.question, data: training.data, seed: Scenario.trainingSeed)
        self.plant = plant
        self.trace = trace
        isQuiet = seed == nil
        random = SimulatedRandom(seed: seed ?? 0)
        disk = SimulatedDisk(seed: seed ?? 0)
        climate = isQuiet ? Climate() : Climate(&random)
        disk.temper = climate.disk
        workers = (0..<climate.workers).map { _ in Worker() }
        if !isQuiet {
            for worker in workers.indices { workers[worker].isLocal = random.happens(500) }
        }
    }

    /// Runs to the end.
    ///
    /// - Throws: `Problem`, or what the session throws.
    func run() throws -> Result {
        queue.add(.coordinatorStarts, at: 0)
        for worker in workers.indices where !workers[worker].isLocal {
            queue.add(.starts(worker), at: isQuiet ? 0 : random.number(in: 0...100_000))
        }
        if !isQuiet { queue.add(.fault, at: random.number(in: 0...200_000)) }
        while !isConfirmed {
            guard let (time, event) = queue.next(), time < Self.end else { throw Problem.hangs }
            now = time
            try handle(event)
        }
        guard let result else { throw Problem.hangs }
        return result
    }

    private func handle(_ event: Event) throws {
        switch event {
        case .starts(let worker): if !workers[worker].isAlive { startWorker(worker) }
        case .alive(let address): beat(address, event)
        case .computed(let address): try complete(address, event)
        case .toWorker(let address, let message): hear(address, message, event)
        case .toPool(let address, let message): try listen(to: message, from: address, event)
        case .endNoticed(let address, let life): try noticeEnd(of: address, life, event)
        case .coordinatorStarts: try startCoordinator()
        case .tick(let life): try tick(life, event)
        case .fault: try disturb()
        }
    }

    /// Tells of a fault, if anybody wants to know.
    func tell(_ text: @autoclosure () -> String) {
        guard let trace else { return }
        let microseconds = String(now % Self.second)
        let zeros = String(repeating: "0", count: 6 - microseconds.count)
        trace("\(now / Self.second).\(zeros)\(microseconds) s  \(text())")
    }
}
