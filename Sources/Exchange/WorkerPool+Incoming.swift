import Diagnostics
import Messaging
import Training

// What workers say, and what follows from it.
extension WorkerPool {
    func take(_ delivery: Delivery, from listener: Int) throws {
        switch delivery {
        case .violation(let violation):
            // Whoever is not even authenticated learns nothing.
            guard violation.limit != .authentication, let identity = violation.sender else { return }
            try turnAway(
                Address(listener: listener, identity: identity),
                Failure(.workers, "malformed message", because: "it exceeds the limits of a message"))
        case .message(let parts):
            guard let identity = parts.first.flatMap({ Identity($0) }) else { return }
            let address = Address(listener: listener, identity: identity)
            do {
                try handle(Envelope(Array(parts.dropFirst())), from: address)
            } catch let failure as Failure where failure.category == .workers {
                try turnAway(address, failure)
            }
        }
    }

    /// Tells a peer that breaks the protocol why it is refused, and drops it if it was a member.
    func turnAway(_ address: Address, _ failure: Failure) throws {
        _ = try? send(.refused, to: address, body: Complaint(failure).encoded())
        if let id = names[address] {
            try drop(id, because: failure.description)
        } else {
            observe(.note("turned a worker away: \(failure.description)"))
        }
    }

    /// Deals with a message of somebody who is no member.
    ///
    /// Who has lost its place learns it from its heartbeat and joins anew; what it had under way is of no use. Who never
    /// had one is told so at once.
    func answerStranger(_ message: Envelope, at address: Address) throws {
        guard expelled.contains(address) else {
            let stranger = Failure(.workers, "not admitted", because: "it is not a worker of this run")
            _ = try? send(.refused, to: address, body: Complaint(stranger).encoded())
            return
        }
        if message.kind == .result, message.header.epoch == epoch { try act(on: .strayAnswer) }
    }

    func handle(_ message: Envelope, from address: Address) throws {
        if message.kind == .hello { return try admit(Hello(message.body), at: address) }
        if message.kind == .heartbeat { return try renew(HeartbeatTicket(message.body), at: address) }
        guard let id = names[address] else { return try answerStranger(message, at: address) }
        guard let run else { return }
        // An answer renews the lease by itself.
        if message.kind != .result, members[id]?.readyFor == epoch { try act(on: .heard(id)) }
        let isCurrent = message.header.epoch == epoch
        switch message.kind {
        case .goodbye: try drop(id, because: "it left")
        case .failed: try fail(id, Complaint(message.body))
        case .ready: if isCurrent { try ready(id, parameterCount: message.header.step, run.session) }
        case .dataRequest: if isCurrent { try sendData(from: message.header.step, to: id, run.dataFile) }
        case .result: if isCurrent { try answer(message, from: id, run.session) }
        case .hello, .heartbeat, .welcome, .refused, .prepare, .data, .work, .ping, .farewell, .rejoin:
            throw Failure(.workers, "malformed message", because: "a worker does not say \(message.kind)")
        }
    }

    func admit(_ hello: Hello, at address: Address) throws {
        if listeners[address.listener].needsSecret, !settings.secret.matches(Secret(hello.secret)) {
            throw Failure(.workers, "not admitted", because: "it does not know the secret of this run")
        }
        guard hello.version == settings.version, hello.architecture == Machine.architecture else {
            throw Failure(
                .workers, "not admitted",
                because: "the coordinator is Lockstep \(settings.version) on \(Machine.architecture), the worker "
                    + "\(hello.version) on \(hello.architecture)", remedy: "run the same build on every host")
        }
        if let known = names[address] { try drop(known, because: "it joined anew") }
        let seat = try seat(of: hello, at: address)
        if let seat, let known = settings.memory?.member(on: seat) { try drop(known, because: "it joined anew") }
        joined += 1
        let id = WorkerID(joined)
        let ticket = HeartbeatTicket(member: UInt64(joined), secret: .random(in: .min ... .max))
        members[id] = Member(id: id, address: address, host: hello.host, pid: hello.pid, ticket: ticket, seat: seat)
        names[address] = id
        if let seat { settings.memory?.seat(seat, isOf: id) }
        expelled.remove(address)
        observe(.workerJoined(id: joined, host: hello.host, pid: Int(hello.pid)))
        _ = try send(.welcome, to: address, body: ticket.encoded())
        if run != nil { try sendPrepare(to: id) }
        try act(on: .preparing)
    }

    /// The seat that a worker says it has; nil if it says none.
    private func seat(of hello: Hello, at address: Address) throws -> Int? {
        guard let number = hello.seat.map(Int.init) else { return nil }
        guard address.listener == 0, settings.memory?.isSeat(number, of: hello.pid) == true else {
            throw Failure(.workers, "not admitted", because: "seat \(number) was not given to process \(hello.pid)")
        }
        return number
    }

    /// Renews the lease of the member a heartbeat speaks for, or says that there is none.
    func renew(_ ticket: HeartbeatTicket, at address: Address) throws {
        if let number = Int(exactly: ticket.member), let member = members[WorkerID(number)], member.ticket == ticket,
            member.address.listener == address.listener
        {
            members[member.id]?.lastHeard = .now
            if member.readyFor == epoch { try act(on: .heard(member.id)) }
        } else {
            _ = try send(.rejoin, to: address, step: ticket.member)
        }
    }

    func ready(_ id: WorkerID, parameterCount: UInt64, _ session: Session) throws {
        guard members[id]?.readyFor != epoch else {
            throw Failure(.workers, "malformed message", because: "it says twice that it is prepared")
        }
        guard parameterCount == UInt64(session.parameters.count) else {
            throw Failure(
                .workers, "a worker prepared for something else",
                because: "\(parameterCount) parameters instead of \(session.parameters.count)")
        }
        members[id]?.readyFor = epoch
        try act(on: .workerReady(id))
    }

    /// A worker cannot go on; others may, as when only its disk is full, and the last one's reason ends the run.
    func fail(_ id: WorkerID, _ complaint: Complaint) throws {
        let who = members[id].map { "\($0)" }
        try drop(id, because: complaint.line)
        if members.isEmpty, let category = Failure.Category(rawValue: complaint.category), category != .workers {
            throw Failure(category, "a worker failed", at: who, because: complaint.line)
        }
    }

    func answer(_ message: Envelope, from id: WorkerID, _ session: Session) throws {
        guard members[id]?.readyFor == epoch, settings.loss?.losesMessage() != true else { return }
        let body = try ResultBody(message.body)
        let gradient = try message.numbers?.floats(count: session.parameters.count)
        try answered(id, body.result(round: message.header.step, shards: message.shards, gradient: gradient), at: .now)
    }

    /// Has the session take an answer, by whichever way it came, which was there at some time.
    func answered(_ id: WorkerID, _ result: WorkResult, at time: ContinuousClock.Instant) throws {
        run?.clock.answered(computeSeconds: result.computeSeconds, at: time)
        if let piece = run?.pieces.answered(
            by: id, round: result.round, shards: result.shards, computeSeconds: result.computeSeconds, at: time)
        {
            observe(.pieceAnswered(piece))
        }
        try act(on: .answered(id, result))
    }
}
