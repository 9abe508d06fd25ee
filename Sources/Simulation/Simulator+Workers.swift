import Tensors
import Training

// What workers do, and what becomes of their processes.
extension Simulator {
    /// A worker, over all its processes.
    struct Worker {
        /// Whether the coordinator started it, so that they end together.
        var isLocal = true
        var process = 0
        var isAlive = false
        var ticket: Ticket?
        var queue: [(work: Work, parameters: Storage, life: Int)] = []
        var isComputing = false
        var stoppedUntil = 0
        var cutUntil = 0
        var slowness = 1
    }

    func startWorker(_ worker: Int) {
        // Without a coordinator there is nobody to start a local one.
        guard !workers[worker].isLocal || coordinator != nil else { return }
        processes += 1
        let former = workers[worker]
        workers[worker] = Worker(
            isLocal: former.isLocal, process: processes, isAlive: true, cutUntil: former.cutUntil,
            slowness: former.slowness)
        queue.add(.alive(Address(worker: worker, process: processes)), at: now)
    }

    func crashWorker(_ worker: Int) {
        guard workers[worker].isAlive else { return }
        workers[worker].isAlive = false
        // A local process's end is noticed, another host's is not.
        if workers[worker].isLocal, let coordinator {
            let address = Address(worker: worker, process: workers[worker].process)
            queue.add(.endNoticed(address, life: coordinator.life), at: now + random.number(in: 0...5000))
        }
        if random.happens(800) { queue.add(.starts(worker), at: now + random.number(in: 0...Self.second)) }
    }

    /// Whether something that happens to a process does not, because it is gone, or stopped and will do it later.
    private func passes(_ address: Address, _ event: Event) -> Bool {
        let state = workers[address.worker]
        guard state.isAlive, state.process == address.process else { return true }
        if state.stoppedUntil > now { queue.add(event, at: state.stoppedUntil) }
        return state.stoppedUntil > now
    }

    func beat(_ address: Address, _ event: Event) {
        guard !passes(address, event) else { return }
        send(.toPool(address, workers[address.worker].ticket.map { .heartbeat($0) } ?? .hello), address)
        queue.add(event, at: now + Self.heartbeat)
    }

    func hear(_ address: Address, _ message: Message, _ event: Event) {
        guard !passes(address, event) else { return }
        let worker = address.worker
        switch message {
        case .welcome(let ticket):
            // Of two welcomes the later admission counts.
            if workers[worker].ticket.map({ $0 < ticket }) ?? true { workers[worker].ticket = ticket }
        case .rejoin(let ticket):
            guard workers[worker].ticket == ticket else { return }
            workers[worker].ticket = nil
            workers[worker].queue = []
        case .work(let work, let parameters, let life):
            workers[worker].queue.append((work, parameters, life))
            compute(address)
        case .hello, .heartbeat, .result: break
        }
    }

    private func compute(_ address: Address) {
        let state = workers[address.worker]
        guard !state.isComputing, !state.queue.isEmpty else { return }
        workers[address.worker].isComputing = true
        let usual = isQuiet ? 1000 : random.number(in: climate.pace...8 * climate.pace)
        // Slowness is a fault, and ends with the others.
        queue.add(.computed(address), at: now + max(usual, min(usual * state.slowness, Self.calm - now)))
    }

    func complete(_ address: Address, _ event: Event) throws {
        guard !passes(address, event) else { return }
        workers[address.worker].isComputing = false
        // Empty if it was told to join anew in the meantime.
        if !workers[address.worker].queue.isEmpty {
            let (work, parameters, life) = workers[address.worker].queue.removeFirst()
            let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
            let result = try runner.run(work, parameters: parameters.pointer, gradient: gradient)
            send(.toPool(address, .result(result, life: life)), address)
        }
        compute(address)
    }
}
