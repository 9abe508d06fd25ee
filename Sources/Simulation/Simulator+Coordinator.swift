import Diagnostics
import Tensors
import Training

// The coordinator's side: what the pool does with messages, and with what the session decides.
extension Simulator {
    /// Hears a message, now or when there is time; what comes while there is no coordinator may wait for the next one.
    func listen(to message: Message, from address: Address, _ event: Event) throws {
        guard coordinator != nil else {
            if random.happens(500) { queue.add(event, at: now + 50_000) }
            return
        }
        if try !isBusy(for: event) { try take(message, from: address) }
    }

    func noticeEnd(of address: Address, _ life: Int, _ event: Event) throws {
        guard let coordinator, coordinator.life == life, try !isBusy(for: event) else { return }
        if let name = coordinator.names.removeValue(forKey: address) {
            coordinator.addresses[name] = nil
            try act(.workerLost(name))
            coordinator.overwriteAnswers(from: address)
        }
    }

    func tick(_ life: Int, _ event: Event) throws {
        guard let coordinator, coordinator.life == life, try !isBusy(for: event) else { return }
        if now >= coordinator.nextTick { coordinator.nextTick = .max }
        try act(.tick)
    }

    /// Whether the coordinator still waits for its disk; then the event comes again later.
    private func isBusy(for event: Event) throws -> Bool {
        guard let coordinator, coordinator.busyUntil > now else { return false }
        queue.add(event, at: coordinator.busyUntil)
        return true
    }

    private func take(_ message: Message, from address: Address) throws {
        guard let coordinator else { return }
        switch message {
        case .hello:
            let former = coordinator.names[address]
            coordinator.admitted += 1
            let name = WorkerID(coordinator.admitted)
            coordinator.names[address] = name
            coordinator.addresses[name] = address
            send(.toWorker(address, .welcome(Ticket(life: coordinator.life, name: name))), address)
            try act(.preparing)
            if let former {
                coordinator.addresses[former] = nil
                try act(.workerLost(former))
                coordinator.overwriteAnswers(from: address)
            }
        case .heartbeat(let ticket):
            guard ticket.life == coordinator.life, coordinator.addresses[ticket.name] != nil else {
                return send(.toWorker(address, .rejoin(ticket)), address)
            }
            try act(.workerReady(ticket.name))
            try act(.heard(ticket.name))
        case .result(let result, let life):
            // A message may be doubled; each time its numbers lie in memory of the worker.
            var own = result
            own.partial.gradient = result.partial.gradient.map { $0.copy() }
            if let gradient = own.partial.gradient { coordinator.lent[address, default: []].append(gradient) }
            let name = life == coordinator.life ? coordinator.names[address] : nil
            try act(name.map { .answered($0, own) } ?? .strayAnswer)
        case .welcome, .rejoin, .work: break
        }
    }

    /// The coordinator's clock, which jumps.
    var clock: Duration { .microseconds(now + clockAhead) }

    /// Tells the session of an event, and does what it says.
    private func act(_ event: SessionEvent) throws {
        guard let coordinator, self.coordinator === coordinator else { return }
        let session = coordinator.session
        let actions: [SessionAction]
        do {
            actions = try plant.handler(session, event, clock)
        } catch let failure as Failure where failure.category == .diverged {
            return try conclude("\(failure.what) at \(failure.place ?? "an unknown step")")
        }
        for case .observe(let event) in actions {
            if case .note = event { continue }
            coordinator.story.append(event)
        }
        for action in actions {
            switch action {
            case .assign(let name, let work):
                guard let address = coordinator.addresses[name] else { continue }
                coordinator.overwriteAnswers(from: address)
                let parameters = session.parameters.values.copy()
                send(.toWorker(address, .work(work, parameters, life: coordinator.life)), address)
            case .evict(let name, _):
                if let address = coordinator.addresses.removeValue(forKey: name), coordinator.names[address] == name {
                    coordinator.names[address] = nil
                    coordinator.overwriteAnswers(from: address)
                }
            case .observe: try keep { $0.writeIfDue($1) }
            case .finish:
                try keep { $0.tryWrite($1) }
                guard self.coordinator === coordinator else { return }
                return try conclude(nil)
            }
            // It may have ended while it wrote.
            guard self.coordinator === coordinator else { return }
        }
        scheduleTick(coordinator)
    }

    private func scheduleTick(_ coordinator: Coordinator) {
        var wait = 250_000
        if let copy = coordinator.session.timeToSecondCopy {
            let (seconds, attoseconds) = copy.components
            wait = min(wait, Int(seconds) * Self.second + Int(attoseconds / 1_000_000_000_000) + 1)
        }
        guard now + wait < coordinator.nextTick || coordinator.nextTick <= now else { return }
        coordinator.nextTick = now + wait
        queue.add(.tick(life: coordinator.life), at: coordinator.nextTick)
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
