import Diagnostics
import Messaging
import Training

// What the session wants said to workers.
extension WorkerPool {
    /// Lets the session decide, and does what it wants.
    func act(on event: SessionEvent) throws {
        guard let session = run?.session, let start = run?.start else { return }
        run?.clock.decisionBegins()
        let actions = try session.handle(event, at: ContinuousClock.now - start)
        run?.clock.decisionEnds()
        for action in actions {
            switch action {
            case .assign(let worker, let work): try assign(work, to: worker)
            case .evict(let worker, let reason): expel(worker, because: reason)
            case .observe(let event): observe(event)
            case .finish: run?.isFinished = true
            }
        }
    }

    func assign(_ work: Work, to id: WorkerID) throws {
        guard let member = members[id], let session = run?.session else { return }
        if settings.loss?.losesMessage() == true { return }
        let numbers = member.generation == work.generation ? nil : try parameterFrame(session)
        members[id]?.generation = work.generation
        run?.clock.assigned(round: work.round)
        let frames = try Envelope.frames(
            .work, epoch: epoch, step: work.round, shards: work.shards, body: Frame(copying: work.encodedBody()),
            numbers: numbers)
        if try !listeners[member.address.listener].send(frames, to: member.address.identity) {
            try drop(id, because: "its connection is gone")
        }
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
        return try listeners[address.listener].send(frames, to: address.identity)
    }

    func drop(_ id: WorkerID, because reason: String) throws {
        guard expel(id, because: reason) else { return }
        try act(on: .workerLost(id))
    }

    /// Forgets a worker, which the session knows or is told of; false if it was not there.
    @discardableResult func expel(_ id: WorkerID, because reason: String) -> Bool {
        guard let member = members.removeValue(forKey: id) else { return false }
        names[member.address] = nil
        // A bound, not a rule: more than these have hardly lost their places in one run.
        if expelled.count >= 4096 { expelled.removeAll() }
        expelled.insert(member.address)
        observe(.workerLost(id: id.number, reason: reason))
        return true
    }
}
