import Questions
import Tensors
import Training

/// A whole run in virtual time: the real session and the real computation, with workers, network, faults and clock that
/// a seed decides.
///
/// Workers behave as the worker's loop does, and the coordinator's side as the pool does: a worker has an address for
/// as long as its process lives, is admitted under a new name each time it says hello, and is told to join anew when
/// its heartbeat speaks for a name that is not known any more. The network loses, delays, doubles and reorders
/// messages; processes crash, stop and are slow; the clock jumps forward. After `calm` faults end.
final class Simulator {
    /// What went wrong with a run.
    enum Problem: Error, Equatable {
        /// It was not over long after the faults had ended.
        case hangs
    }

    /// What a run came to.
    struct Result: Equatable {
        var digest: String
        /// What was told of steps and scores, in order.
        var story: [TrainingEvent]
        var examples: Int
    }

    /// Stands between the simulated pool and the session, so that a test can plant a fault.
    typealias Handler = (Session, SessionEvent, Duration) throws -> [SessionAction]

    static let second = 1_000_000
    static let lease = 1 * second
    static let heartbeat = lease / 10
    /// When faults end, and when a run must be over.
    static let calm = 8 * second
    static let end = 120 * second

    private enum Message {
        case hello
        case welcome(WorkerID)
        case heartbeat(WorkerID)
        case rejoin(WorkerID)
        case work(Work, Storage)
        case result(WorkResult)
    }

    private enum Event {
        case toWorker(Int, incarnation: Int, Message)
        case toPool(Int, incarnation: Int, Message)
        case computed(Int, incarnation: Int)
        case alive(Int, incarnation: Int)
        case starts(Int)
        case endNoticed(incarnation: Int)
        case tick
        case fault
    }

    private struct Worker {
        var incarnation = 0
        var isAlive = false
        var name: WorkerID?
        var queue: [(work: Work, parameters: Storage)] = []
        var isComputing = false
        var stoppedUntil = 0
        var cutUntil = 0
        var slowness = 1
    }

    let session: Session
    private let runner: ShardRunner
    private let handler: Handler
    private var random: SimulatedRandom
    private var queue = SimulatedQueue<Event>()
    private var now = 0
    private var clockAhead = 0
    private var workers: [Worker]
    private var incarnations = 0
    /// The names of processes, by incarnation, and the reverse.
    private var names: [Int: WorkerID] = [:]
    private var addresses: [WorkerID: (worker: Int, incarnation: Int)] = [:]
    private var admitted = 0
    private var nextTick = 0
    private var isFinished = false
    private var story: [TrainingEvent] = []
    private let isQuiet: Bool
    /// In a thousand messages.
    private let lost: Int
    private let doubled: Int
    private let late: Int
    private(set) var faults = 0

    /// Prepares a run; without a seed one in which nothing goes wrong.
    init(seed: UInt64?, handler: @escaping Handler = { try $0.handle($1, at: $2) }) throws {
        let (question, data) = try Toy.make(["shards=8", "epochs=2", "count=29"])
        let rules = Membership(lease: .microseconds(Self.lease))
        session = try Session(question, data: data, seed: 1, membership: rules)
        runner = try ShardRunner(question, data: data, seed: 1)
        self.handler = handler
        isQuiet = seed == nil
        random = SimulatedRandom(seed: seed ?? 0)
        let quiet = isQuiet
        lost = quiet ? 0 : [0, 10, 100][random.number(in: 0...2)]
        doubled = quiet ? 0 : [0, 20, 200][random.number(in: 0...2)]
        late = quiet ? 0 : [0, 20, 100][random.number(in: 0...2)]
        workers = Array(repeating: Worker(), count: quiet ? 1 : random.number(in: 1...5))
    }

    /// Runs to the end.
    ///
    /// - Throws: `Problem`, or what the session throws.
    func run() throws -> Result {
        for worker in workers.indices { queue.add(.starts(worker), at: isQuiet ? 0 : random.number(in: 0...100_000)) }
        queue.add(.tick, at: 0)
        if !isQuiet { queue.add(.fault, at: random.number(in: 0...200_000)) }
        while !isFinished {
            guard let (time, event) = queue.next(), time < Self.end else { throw Problem.hangs }
            now = time
            try handle(event)
        }
        return Result(digest: session.parameters.values.sha256, story: story, examples: session.outcome.examples)
    }

    private func handle(_ event: Event) throws {
        switch event {
        case .starts(let worker): if !workers[worker].isAlive { start(worker) }
        case .alive(let worker, let incarnation): beat(worker, incarnation, event)
        case .computed(let worker, let incarnation): try complete(worker, incarnation, event)
        case .toWorker(let worker, let incarnation, let message): hear(worker, incarnation, message, event)
        case .toPool(let worker, let incarnation, let message): try take(message, worker, incarnation)
        case .endNoticed(let incarnation):
            if let name = names.removeValue(forKey: incarnation) {
                addresses[name] = nil
                try act(.workerLost(name))
            }
        case .tick:
            if now >= nextTick { nextTick = .max }
            try act(.tick)
        case .fault: disturb()
        }
    }

    // MARK: Workers

    private func start(_ worker: Int) {
        incarnations += 1
        workers[worker] = Worker(
            incarnation: incarnations, isAlive: true, cutUntil: workers[worker].cutUntil,
            slowness: workers[worker].slowness)
        queue.add(.alive(worker, incarnation: incarnations), at: now)
    }

    /// Whether something that happens to a process does not, because it is gone, or stopped and will do it later.
    private func passes(_ worker: Int, _ incarnation: Int, _ event: Event) -> Bool {
        let state = workers[worker]
        guard state.isAlive, state.incarnation == incarnation else { return true }
        if state.stoppedUntil > now { queue.add(event, at: state.stoppedUntil) }
        return state.stoppedUntil > now
    }

    private func beat(_ worker: Int, _ incarnation: Int, _ event: Event) {
        guard !passes(worker, incarnation, event) else { return }
        send(.toPool(worker, incarnation: incarnation, workers[worker].name.map { .heartbeat($0) } ?? .hello))
        queue.add(event, at: now + Self.heartbeat)
    }

    private func hear(_ worker: Int, _ incarnation: Int, _ message: Message, _ event: Event) {
        guard !passes(worker, incarnation, event) else { return }
        switch message {
        case .welcome(let name):
            // Of two welcomes the later admission counts.
            if workers[worker].name.map({ $0 < name }) ?? true { workers[worker].name = name }
        case .rejoin(let name):
            guard workers[worker].name == name else { return }
            workers[worker].name = nil
            workers[worker].queue = []
        case .work(let work, let parameters):
            workers[worker].queue.append((work, parameters))
            compute(worker)
        case .hello, .heartbeat, .result: break
        }
    }

    private func compute(_ worker: Int) {
        guard !workers[worker].isComputing, !workers[worker].queue.isEmpty else { return }
        workers[worker].isComputing = true
        let time = isQuiet ? 1000 : random.number(in: 500...4000) * workers[worker].slowness
        queue.add(.computed(worker, incarnation: workers[worker].incarnation), at: now + time)
    }

    private func complete(_ worker: Int, _ incarnation: Int, _ event: Event) throws {
        guard !passes(worker, incarnation, event) else { return }
        workers[worker].isComputing = false
        // Empty if it was told to join anew in the meantime.
        if !workers[worker].queue.isEmpty {
            let (work, parameters) = workers[worker].queue.removeFirst()
            let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
            let result = try runner.run(work, parameters: parameters.pointer, gradient: gradient)
            send(.toPool(worker, incarnation: incarnation, .result(result)))
        }
        compute(worker)
    }

    // MARK: The coordinator's side

    private func take(_ message: Message, _ worker: Int, _ incarnation: Int) throws {
        switch message {
        case .hello:
            let former = names[incarnation]
            admitted += 1
            let name = WorkerID(admitted)
            names[incarnation] = name
            addresses[name] = (worker, incarnation)
            send(.toWorker(worker, incarnation: incarnation, .welcome(name)))
            try act(.preparing)
            if let former {
                addresses[former] = nil
                try act(.workerLost(former))
            }
        case .heartbeat(let name):
            guard addresses[name] != nil else {
                return send(.toWorker(worker, incarnation: incarnation, .rejoin(name)))
            }
            try act(.workerReady(name))
            try act(.heard(name))
        case .result(let result):
            // A message may be doubled; the sums are made in the memory of the answer.
            var own = result
            own.partial.gradient = result.partial.gradient.map { $0.copy() }
            try act(names[incarnation].map { .answered($0, own) } ?? .strayAnswer)
        case .welcome, .rejoin, .work: break
        }
    }

    private func act(_ event: SessionEvent) throws {
        for action in try handler(session, event, .microseconds(now + clockAhead)) {
            switch action {
            case .assign(let name, let work):
                guard let (worker, incarnation) = addresses[name] else { continue }
                let parameters = session.parameters.values.copy()
                send(.toWorker(worker, incarnation: incarnation, .work(work, parameters)))
            case .evict(let name, _):
                if let address = addresses.removeValue(forKey: name), names[address.incarnation] == name {
                    names[address.incarnation] = nil
                }
            case .observe(.note): break
            case .observe(let event): story.append(event)
            case .finish: isFinished = true
            }
        }
        var wait = 250_000
        if let copy = session.timeToSecondCopy {
            let (seconds, attoseconds) = copy.components
            wait = min(wait, Int(seconds) * Self.second + Int(attoseconds / 1_000_000_000_000) + 1)
        }
        guard now + wait < nextTick || nextTick <= now else { return }
        nextTick = now + wait
        queue.add(.tick, at: nextTick)
    }

    // MARK: Network and faults

    private func send(_ event: Event) {
        guard !isQuiet else { return queue.add(event, at: now + 100) }
        let worker =
            switch event {
            case .toPool(let worker, _, _), .toWorker(let worker, _, _): worker
            default: preconditionFailure("only messages are sent")
            }
        let isStormy = now < Self.calm
        if workers[worker].cutUntil > now || (isStormy && random.happens(lost)) { return }
        for _ in 0..<(isStormy && random.happens(doubled) ? 2 : 1) {
            let delay = random.number(in: 100...3000)
            let extra = isStormy && random.happens(late) ? random.number(in: 0...3 * Self.second) : 0
            queue.add(event, at: now + delay + extra)
        }
    }

    private func disturb() {
        guard now < Self.calm else {
            // Faults end: whoever is down comes up again, and everything is as fast as it should be.
            for worker in workers.indices {
                workers[worker].slowness = 1
                if !workers[worker].isAlive { queue.add(.starts(worker), at: now) }
            }
            return
        }
        faults += 1
        queue.add(.fault, at: now + random.number(in: 1000...300_000))
        let worker = random.number(in: 0...workers.count - 1)
        let duration =
            random.number(in: 0...3) == 0 ? random.number(in: 0...4 * Self.second) : random.number(in: 0...200_000)
        switch random.number(in: 0...5) {
        case 0: crash(worker)
        case 1: workers[worker].stoppedUntil = min(now + duration, Self.calm)
        case 2: workers[worker].cutUntil = min(now + duration, Self.calm)
        case 3: workers[worker].slowness = [1, 10, 100, 1000][random.number(in: 0...3)]
        case 4: clockAhead += random.number(in: 0...20 * Self.second)
        default: if !workers[worker].isAlive { start(worker) }
        }
    }

    private func crash(_ worker: Int) {
        guard workers[worker].isAlive else { return }
        workers[worker].isAlive = false
        // A local process's end is noticed, another host's is not.
        if random.happens(500) {
            queue.add(.endNoticed(incarnation: workers[worker].incarnation), at: now + random.number(in: 0...5000))
        }
        if random.happens(800) { queue.add(.starts(worker), at: now + random.number(in: 0...Self.second)) }
    }
}

extension Storage {
    /// The same values in memory of their own.
    fileprivate func copy() -> Storage {
        let copy = Storage(count: count)
        copy.pointer.update(from: pointer, count: count)
        return copy
    }
}
