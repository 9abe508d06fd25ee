import Datasets
import Diagnostics
import Messaging
import Questions
import Tensors
import Training

/// The coordinator's end of the exchange: admits workers, prepares them for a question, and moves work and answers
/// between them and a session.
///
/// One thread owns it. Everything a worker says is checked before it is used; a worker that breaks the protocol is
/// dropped, and its work goes to others.
public final class WorkerPool {
    /// What a pool is made of.
    public struct Settings {
        /// Where hosts connect to, and how they prove that they may.
        public struct Remote {
            /// The endpoint to listen at.
            public let endpoint: Endpoint
            /// The coordinator's keys, and who admits the workers' ones; nil lets anybody in, unencrypted.
            public let security: (keys: CurveKeyPair, admission: ZapHandler)?

            /// Creates a place for hosts to connect to.
            public init(endpoint: Endpoint, security: (keys: CurveKeyPair, admission: ZapHandler)?) {
                self.endpoint = endpoint
                self.security = security
            }
        }

        /// The endpoint local workers connect to.
        public let local: Endpoint
        /// The secret a worker must know to be admitted through the local endpoint.
        public let secret: Secret
        /// The endpoint other hosts connect to; nil for none.
        public let remote: Remote?
        /// This build; workers of another are turned away.
        public let version: String

        /// Creates the settings of a pool.
        public init(local: Endpoint, secret: Secret, remote: Remote? = nil, version: String) {
            self.local = local
            self.secret = secret
            self.remote = remote
            self.version = version
        }
    }

    /// One bound socket.
    private final class Listener {
        let socket: Socket
        /// Whether who comes in here must know the secret.
        let needsSecret: Bool

        init(_ socket: consuming Socket, needsSecret: Bool) {
            self.socket = socket
            self.needsSecret = needsSecret
        }

        /// Sends a message; false if the peer is not reachable any more.
        func send(_ frames: [Frame], to peer: Identity) throws -> Bool {
            try socket.send([peer.frame()] + frames, within: ExchangeLimits.sendDeadline) == .sent
        }
    }

    /// The question under way.
    private struct Run {
        let session: Session
        let prepare: Prepare
        let dataFile: DataFile
        let observe: (TrainingEvent) -> Void
        let start = ContinuousClock.now
        var clock = RoundClock()
        var parameters: (generation: UInt64, frame: Frame)?
        var isFinished = false
    }

    private let settings: Settings
    private let processes: any WorkerProcesses
    private let interruption: any InterruptionSource
    private var listeners: [Listener] = []
    private var members: [WorkerID: Member] = [:]
    private var names: [Address: WorkerID] = [:]
    /// Where workers were that have lost their places.
    private var expelled: Set<Address> = []
    private var joined = 0
    /// Counts the questions, so that what belongs to an earlier one is recognised.
    private var epoch: UInt32 = 0
    private var run: Run?
    private var lastPing = ContinuousClock.now

    /// Binds the sockets.
    ///
    /// - Parameters:
    ///   - processes: the local workers, whose ends are noticed at once.
    ///   - interruption: what ends the run early.
    /// - Throws: `Failure(.workers)` if an endpoint cannot be bound.
    public init(
        _ settings: Settings, context: Context, processes: any WorkerProcesses, interruption: any InterruptionSource
    ) throws {
        self.settings = settings
        self.processes = processes
        self.interruption = interruption
        try listen(at: settings.local, context, needsSecret: true, security: nil)
        if let remote = settings.remote {
            try listen(at: remote.endpoint, context, needsSecret: false, security: remote.security)
        }
    }

    private func listen(
        at endpoint: Endpoint, _ context: Context, needsSecret: Bool,
        security: (keys: CurveKeyPair, admission: ZapHandler)?
    ) throws {
        var socket = try Socket(.router, in: context)
        socket.limits = MessageLimits(parts: 4, bytes: Int(ExchangeLimits.frameBytes))
        try socket.setLinger(.seconds(1))
        try socket.setMandatoryRouting(true)
        try socket.setMaximumFrame(bytes: ExchangeLimits.frameBytes)
        try socket.setHeartbeat(every: .seconds(5), timeout: .seconds(20), peerTimeout: .seconds(30))
        try socket.setHandshakeTimeout(.seconds(5))
        try socket.setIPv6(endpoint.needsIPv6)
        if let security { try socket.secureAsServer(with: security.keys, admittedBy: security.admission) }
        try socket.bind(to: endpoint)
        listeners.append(Listener(socket, needsSecret: needsSecret))
    }

    /// The endpoint other hosts connect to, with the port that was chosen; nil if there is none.
    public var remoteEndpoint: Endpoint? {
        get throws { listeners.count > 1 ? try listeners[1].socket.lastEndpoint : nil }
    }

    /// The number of workers of other hosts that were admitted and have not left.
    public var remoteMemberCount: Int { members.values.count { $0.address.listener > 0 } }

    /// Trains one question: serves its session until it is finished.
    ///
    /// - Parameters:
    ///   - session: the state machine that decides.
    ///   - configuration: the question's configuration, as workers read it.
    ///   - dataFile: the serial form of its data set, for workers that do not have it.
    ///   - observe: called with everything worth telling.
    /// - Returns: where the time went.
    /// - Throws: `Failure`, or `Interrupted`.
    public func train(
        _ session: Session, question: String, configuration: [UInt8], seed: UInt64, dataFile: DataFile,
        observe: @escaping (TrainingEvent) -> Void
    ) throws -> RoundClock {
        epoch += 1
        let prepare = Prepare(
            question: question, configuration: configuration, seed: seed, dataHash: dataFile.hash,
            dataSize: UInt64(dataFile.byteCount))
        run = Run(session: session, prepare: prepare, dataFile: dataFile, observe: observe)
        defer { run = nil }
        for id in members.keys.sorted() {
            members[id]?.lastHeard = .now
            try sendPrepare(to: id)
        }
        while run?.isFinished == false {
            try serve()
        }
        return time
    }

    /// Where the time of the question under way has gone so far; nothing while there is none.
    public var time: RoundClock {
        var clock = run?.clock ?? RoundClock()
        clock.finish()
        return clock
    }

    /// Says farewell to every worker.
    ///
    /// - Returns: the processes of the local workers that were told; others never joined, or have left.
    @discardableResult public func dismiss() -> Set<Int32> {
        var told: Set<Int32> = []
        for member in members.values {
            let isTold = (try? send(.farewell, to: member.address)) == true
            if isTold, member.address.listener == 0 { told.insert(member.pid) }
        }
        members = [:]
        names = [:]
        return told
    }

    private func observe(_ event: TrainingEvent) {
        run?.observe(event)
    }

    /// Waits for something to happen, and deals with it.
    private func serve() throws {
        var poller = Poller()
        let tokens = listeners.map { poller.add($0.socket) }
        for descriptor in interruption.descriptors + processes.descriptors { _ = poller.add(descriptor: descriptor) }
        _ = try poller.wait(within: longestWait)
        if let signal = interruption.pending() { throw Interrupted(signal: signal) }
        for (index, token) in tokens.enumerated() where poller.readiness(of: token).contains(.readable) {
            // Bounded, so that a flood on one socket does not starve the rest.
            for _ in 0..<256 {
                guard run?.isFinished == false, let delivery = try listeners[index].socket.receive() else { break }
                try take(delivery, from: index)
            }
        }
        for end in try processes.collectEnds() {
            if let member = members.values.first(where: { $0.address.listener == 0 && $0.pid == end.pid }) {
                try drop(member.id, because: end.reason)
            } else {
                // It ended before it joined; all the more reason to say why.
                observe(.note("worker process \(end.pid) \(end.reason)"))
            }
        }
        try keepAlive()
        try act(on: .tick)
    }

    /// How long to wait for a message before the session has to look at the time.
    private var longestWait: Duration {
        guard let session = run?.session else { return .zero }
        let usual = min(.milliseconds(500), session.longestSilence)
        return session.timeToSecondCopy.map { min($0, usual) } ?? usual
    }

    /// Tells workers that the coordinator lives, and gives up when nobody is left who could work.
    private func keepAlive() throws {
        let now = ContinuousClock.now
        if now - lastPing > .seconds(2) {
            lastPing = now
            for member in members.values.sorted(by: { $0.id < $1.id }) {
                if try !send(.ping, to: member.address) { try drop(member.id, because: "its connection is gone") }
            }
        }
        // The session keeps to the leases of those that are ready; nobody waits for the others, but they may be gone.
        let lease = run?.session.membership.lease ?? .zero
        for member in members.values where member.readyFor != epoch && now - member.lastHeard > lease {
            try drop(member.id, because: "it was silent for \(lease.seconds) s")
        }
        if members.isEmpty, settings.remote == nil, !processes.anyAlive {
            throw Failure(
                .workers, "no worker is left", because: processes.lastWords ?? "all have ended",
                remedy: "start the run again")
        }
    }

    // MARK: Messages from workers

    private func take(_ delivery: Delivery, from listener: Int) throws {
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
    private func turnAway(_ address: Address, _ failure: Failure) throws {
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
    private func answerStranger(_ message: Envelope, at address: Address) throws {
        guard expelled.contains(address) else {
            let stranger = Failure(.workers, "not admitted", because: "it is not a worker of this run")
            _ = try? send(.refused, to: address, body: Complaint(stranger).encoded())
            return
        }
        if message.kind == .result, message.header.epoch == epoch { try act(on: .strayAnswer) }
    }

    private func handle(_ message: Envelope, from address: Address) throws {
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

    private func admit(_ hello: Hello, at address: Address) throws {
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
        joined += 1
        let id = WorkerID(joined)
        let ticket = HeartbeatTicket(member: UInt64(joined), secret: .random(in: .min ... .max))
        members[id] = Member(id: id, address: address, host: hello.host, pid: hello.pid, ticket: ticket)
        names[address] = id
        expelled.remove(address)
        observe(.workerJoined(id: joined, host: hello.host, pid: Int(hello.pid)))
        _ = try send(.welcome, to: address, body: ticket.encoded())
        if run != nil { try sendPrepare(to: id) }
        try act(on: .preparing)
    }

    /// Renews the lease of the member a heartbeat speaks for, or says that there is none.
    private func renew(_ ticket: HeartbeatTicket, at address: Address) throws {
        if let number = Int(exactly: ticket.member), let member = members[WorkerID(number)], member.ticket == ticket,
            member.address.listener == address.listener
        {
            members[member.id]?.lastHeard = .now
            if member.readyFor == epoch { try act(on: .heard(member.id)) }
        } else {
            _ = try send(.rejoin, to: address, step: ticket.member)
        }
    }

    private func ready(_ id: WorkerID, parameterCount: UInt64, _ session: Session) throws {
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
    private func fail(_ id: WorkerID, _ complaint: Complaint) throws {
        try drop(id, because: complaint.line)
        if members.isEmpty, let category = Failure.Category(rawValue: complaint.category), category != .workers {
            throw Failure(category, "a worker failed", because: complaint.line)
        }
    }

    private func answer(_ message: Envelope, from id: WorkerID, _ session: Session) throws {
        guard members[id]?.readyFor == epoch else { return }
        let body = try ResultBody(message.body)
        let gradient = try message.numbers?.floats(count: session.parameters.count)
        run?.clock.answered(computeSeconds: body.computeSeconds)
        let partial = Partial(
            loss: body.loss, terms: Int(body.terms), correct: Int(body.correct), gradient: gradient)
        try act(
            on: .answered(
                id,
                WorkResult(
                    round: message.header.step, shards: message.shards, partial: partial,
                    mistake: body.mistake < 0 ? nil : Int(body.mistake))))
    }

    // MARK: Messages to workers

    /// Lets the session decide, and does what it wants.
    private func act(on event: SessionEvent) throws {
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

    private func assign(_ work: Work, to id: WorkerID) throws {
        guard let member = members[id], let session = run?.session else { return }
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
    private func parameterFrame(_ session: Session) throws -> Frame {
        if let known = run?.parameters, known.generation == session.generation { return known.frame }
        let frame = try Frame(copying: session.parameters.values.bytes)
        run?.parameters = (session.generation, frame)
        return frame
    }

    private func sendPrepare(to id: WorkerID) throws {
        guard let member = members[id], let run else { return }
        members[id]?.generation = nil
        if try !send(.prepare, to: member.address, body: run.prepare.encoded()) {
            try drop(id, because: "its connection is gone")
        }
    }

    private func sendData(from offset: UInt64, to id: WorkerID, _ file: DataFile) throws {
        guard let member = members[id] else { return }
        guard offset < UInt64(file.byteCount) else {
            throw Failure(.workers, "malformed message", because: "a request for data beyond the end")
        }
        try _ = send(.data, to: member.address, step: offset, body: file.piece(at: Int(offset)))
        try act(on: .preparing)
    }

    /// Sends a message; false if the worker is not reachable any more.
    private func send(_ kind: MessageKind, to address: Address, step: UInt64 = 0, body: [UInt8]? = nil) throws -> Bool {
        let frames = try Envelope.frames(kind, epoch: epoch, step: step, body: try body.map { try Frame(copying: $0) })
        return try listeners[address.listener].send(frames, to: address.identity)
    }

    private func drop(_ id: WorkerID, because reason: String) throws {
        guard expel(id, because: reason) else { return }
        try act(on: .workerLost(id))
    }

    /// Forgets a worker, which the session knows or is told of; false if it was not there.
    @discardableResult private func expel(_ id: WorkerID, because reason: String) -> Bool {
        guard let member = members.removeValue(forKey: id) else { return false }
        names[member.address] = nil
        // A bound, not a rule: more than these have hardly lost their places in one run.
        if expelled.count >= 4096 { expelled.removeAll() }
        expelled.insert(member.address)
        observe(.workerLost(id: id.number, reason: reason))
        return true
    }
}
