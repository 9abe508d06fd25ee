import Datasets
import Diagnostics
import Messaging
import Platform
import Questions
import Tensors
import Training

/// The coordinator's end of the exchange: admits workers, prepares them for a question, and moves work and answers
/// between them and a session.
///
/// One thread owns it. Everything a worker says is checked before it is used; a worker that breaks the protocol is
/// dropped, and its work goes to others.
public final class WorkerPool {
    /// One bound socket.
    final class Listener {
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
    struct Run {
        let session: Session
        let prepare: Prepare
        let dataFile: DataFile
        let observe: (TrainingEvent) -> Void
        let start = ContinuousClock.now
        var clock = RoundClock()
        /// Whether somebody wants to be told of answered pieces, from one moment to the next.
        let tellsPieces: () -> Bool
        /// When pieces were handed out that are to be told.
        var pieces = PieceWatch()
        var parameters: (generation: UInt64, frame: Frame)?
        var isFinished = false
    }

    let settings: Settings
    let processes: any WorkerProcesses
    let interruption: any InterruptionSource
    var listeners: [Listener] = []
    var members: [WorkerID: Member] = [:]
    var names: [Address: WorkerID] = [:]
    /// How the first worker was lost since something was last completed: the cause, if none is left.
    var firstLoss: String?
    /// Where workers were that have lost their places.
    var expelled: Set<Address> = []
    var joined = 0
    /// Counts the questions, so that what belongs to an earlier one is recognised.
    var epoch: UInt32 = 0
    var run: Run?
    var lastPing = ContinuousClock.now
    /// What the session wants done; memory that is used again.
    var actions: [SessionAction] = []
    /// What is waited for.
    var watch = Watch()

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

    func listen(
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
    ///   - tellsPieces: asked for every piece of work whether its answer is worth telling.
    ///   - observe: called with everything worth telling.
    /// - Returns: where the time went.
    /// - Throws: `Failure`, or `Interrupted`.
    public func train(
        _ session: Session, question: String, configuration: [UInt8], seed: UInt64, dataFile: DataFile,
        tellsPieces: @escaping () -> Bool = { false }, observe: @escaping (TrainingEvent) -> Void
    ) throws -> RoundClock {
        epoch += 1
        let prepare = Prepare(
            question: question, configuration: configuration, seed: seed, dataHash: dataFile.hash,
            dataSize: UInt64(dataFile.byteCount))
        if let memory = settings.memory {
            try session.moveParameters(to: memory.begin(parameterCount: session.parameters.count))
        }
        run = Run(
            session: session, prepare: prepare, dataFile: dataFile, observe: observe, tellsPieces: tellsPieces)
        defer {
            session.bringParametersHome()
            run = nil
        }
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
        clock.allocations = allocations
        return clock
    }

    private var allocations: Int? {
        let own = Int(platform_allocation_count())
        guard own >= 0, let others = settings.memory.map(\.allocations) ?? 0 else { return nil }
        return own + others
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

    func observe(_ event: TrainingEvent) {
        switch event {
        case .stepCompleted, .evaluated: firstLoss = nil
        default: break
        }
        run?.observe(event)
    }
}
