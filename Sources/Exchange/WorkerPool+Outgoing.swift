import Diagnostics
import Messaging
import Training

// What the session wants said to workers.
extension WorkerPool {
    /// Lets the session decide, and does what it wants.
    func act(on event: SessionEvent) throws {
        guard let session = run?.session, let start = run?.start else { return }
        // What is done may make other things happen; each has its own list, and the usual one is used again.
        var wanted: [SessionAction] = []
        swap(&wanted, &actions)
        run?.clock.decisionBegins()
        try session.handle(event, at: ContinuousClock.now - start, into: &wanted)
        run?.clock.decisionEnds()
        for action in wanted {
            switch action {
            case .assign(let worker, let work): try assign(work, to: worker)
            case .evict(let worker, let reason): expel(worker, because: reason)
            case .observe(let event): observe(event)
            case .finish: run?.isFinished = true
            }
        }
        settings.memory?.callWorkers()
        wanted.removeAll(keepingCapacity: true)
        swap(&wanted, &actions)
    }

    func assign(_ work: Work, to id: WorkerID) throws {
        guard let member = members[id], let session = run?.session else { return }
        if settings.loss?.losesMessage() == true { return }
        run?.clock.assigned(round: work.round)
        if run?.tellsPieces() == true { run?.pieces.assigned(work, to: id) }
        if let seat = member.seat, settings.memory?.post(work, epoch: epoch, on: seat) == true { return }
        // Who has a seat has the parameters before its eyes.
        let hasParameters = member.seat != nil || member.generation == work.generation
        members[id]?.generation = work.generation
        let frames = try Envelope.frames(
            .work, epoch: epoch, step: work.round, shards: work.shards, body: Frame(copying: work.encodedBody()),
            numbers: hasParameters ? nil : parameterFrame(session))
        if try !deliver(frames, to: member.address) { try drop(id, because: "its connection is gone") }
    }

    /// The parameters of the newest generation in a frame of their own, copied once for all workers.
    func parameterFrame(_ session: Session) throws -> Frame {
        if let known = run?.parameters, known.generation == session.generation { return known.frame }
        let frame = try Frame(copying: session.parameters.values.bytes)
        run?.parameters = (session.generation, frame)
        return frame
    }

    func sendPrepare(to id: WorkerID) throws {
        guard let member = members[id], let run else { return }
        members[id]?.generation = nil
        if let seat = member.seat { try settings.memory?.prepareDesk(seat) }
        if try !send(.prepare, to: member.address, body: run.prepare.encoded()) {
            try drop(id, because: "its connection is gone")
        }
    }

    func sendData(from offset: UInt64, to id: WorkerID, _ file: DataFile) throws {
        guard let member = members[id] else { return }
        guard offset < UInt64(file.byteCount) else {
            throw Failure(.workers, "malformed message", because: "a request for data beyond the end")
        }
        try _ = send(.data, to: member.address, step: offset, body: file.piece(at: Int(offset)))
        try act(on: .preparing)
    }

    /// Sends a message; false if the worker is not reachable any more.
    func send(_ kind: MessageKind, to address: Address, step: UInt64 = 0, body: [UInt8]? = nil) throws -> Bool {
        let frames = try Envelope.frames(kind, epoch: epoch, step: step, body: try body.map { try Frame(copying: $0) })
        return try deliver(frames, to: address)
    }

    /// Sends frames, and has a worker that waits at its seat look for them.
    private func deliver(_ frames: [Frame], to address: Address) throws -> Bool {
        guard try listeners[address.listener].send(frames, to: address.identity) else { return false }
        if let seat = names[address].flatMap({ members[$0]?.seat }) { settings.memory?.ring(seat) }
        return true
    }

    func drop(_ id: WorkerID, because reason: String) throws {
        guard expel(id, because: reason) else { return }
        try act(on: .workerLost(id))
    }

    /// Forgets a worker, which the session knows or is told of; false if it was not there.
    @discardableResult func expel(_ id: WorkerID, because reason: String) -> Bool {
        guard let member = members.removeValue(forKey: id) else { return false }
        names[member.address] = nil
        firstLoss = firstLoss ?? "\(member): \(reason)"
        run?.pieces.forget(id)
        if let seat = member.seat { settings.memory?.seat(seat, isOf: nil) }
        // A bound, not a rule: more than these have hardly lost their places in one run.
        if expelled.count >= 4096 { expelled.removeAll() }
        expelled.insert(member.address)
        observe(.workerLost(id: id.number, reason: reason))
        return true
    }
}
