import Datasets
import Diagnostics
import Messaging
import Questions
import Tensors
import Training

/// A worker's life: join a coordinator, prepare for its questions, do the work it is given, leave.
///
/// Nothing is kept from one piece of work to the next but the data set, the recorded graphs and the parameters of the
/// newest generation. Runs on one thread, with another for the heartbeat; libzmq moves the messages on a third. A worker
/// that the coordinator gave up, because it was stopped or cut off for a while, joins anew.
public final class WorkerLoop {
    /// How a worker finds its coordinator and proves that it may join.
    public struct Invitation: Sendable {
        /// The coordinator's endpoint.
        public let endpoint: Endpoint
        /// The secret of the run; empty where the connection itself authenticates.
        public let secret: Secret
        /// The keys of an encrypted connection; nil for a local or insecure one.
        public let token: TokenFile?

        /// Creates an invitation.
        public init(endpoint: Endpoint, secret: Secret = Secret([]), token: TokenFile? = nil) {
            self.endpoint = endpoint
            self.secret = secret
            self.token = token
        }
    }

    private let invitation: Invitation
    private let cache: DataSetCache
    private let version: String
    private let patience: Duration
    private let heartbeatInterval: Duration
    private let context: Context
    private let socket: Socket
    /// How long to listen before looking at other things.
    private static let look = Duration.milliseconds(250)
    private var isWelcome = false
    private var epoch: UInt32 = 0
    private var question: (any Question)?
    private var seed: UInt64 = 0
    private var data: DataSet?
    private var exampleCounts: [Split: Int] = [:]
    private var download: DataSetReceiver?
    /// How much of the data set was asked for so far, and how much there is, in bytes.
    private var requested = 0
    private var dataSize = 0
    private var runner: ShardRunner?
    /// The newest parameters.
    private var parameters: Storage?
    /// Where gradients are computed.
    private var gradient: Storage?

    /// Connects to the coordinator, which need not be there yet.
    ///
    /// - Parameters:
    ///   - cache: where data sets are kept.
    ///   - version: this build; a coordinator of another one turns the worker away.
    ///   - patience: how long the coordinator may be silent before it is taken for dead.
    ///   - heartbeatInterval: the time between two signs of life, several of which fit into the coordinator's lease.
    /// - Throws: `Failure(.workers)` if the endpoint cannot be used at all.
    public init(
        _ invitation: Invitation, context: Context, cache: DataSetCache, version: String,
        patience: Duration = .seconds(30), heartbeatInterval: Duration = .seconds(1)
    ) throws {
        self.invitation = invitation
        self.cache = cache
        self.version = version
        self.patience = patience
        self.heartbeatInterval = heartbeatInterval
        self.context = context
        socket = try Self.connect(invitation, context)
    }

    private static func connect(_ invitation: Invitation, _ context: Context) throws -> Socket {
        let socket = try Socket(.dealer, in: context)
        try socket.setLinger(.seconds(1))
        try socket.setReconnect(every: .milliseconds(100), upTo: .seconds(2))
        try socket.setHeartbeat(every: .seconds(5), timeout: .seconds(20), peerTimeout: .seconds(30))
        try socket.setMaximumFrame(bytes: ExchangeLimits.frameBytes)
        try socket.setIPv6(invitation.endpoint.needsIPv6)
        if let token = invitation.token { try socket.secureAsClient(with: token.client, to: token.server) }
        try socket.connect(to: invitation.endpoint)
        return socket
    }

    /// Works until the coordinator says farewell.
    ///
    /// - Throws: `Failure` if the coordinator cannot be reached, turns the worker away, or falls silent, or if the
    ///   worker cannot prepare; the coordinator is told.
    public func run() throws {
        let heartbeat = try Heartbeat(Self.connect(invitation, context), every: heartbeatInterval)
        defer { heartbeat.stop() }
        try join()
        // Silence is counted while listening: who was stopped for a while has not listened.
        var silence = Duration.zero
        while true {
            if heartbeat.isRejected {
                heartbeat.use(nil)
                try join()
            }
            guard let delivery = try socket.receive(within: Self.look) else {
                silence += Self.look
                guard silence < patience else { throw lost }
                continue
            }
            silence = .zero
            guard case .message(let frames) = delivery else { continue }
            do {
                guard try handle(Envelope(frames), heartbeat) else { return }
            } catch {
                try? send(.failed, body: Complaint(error).encoded())
                throw error
            }
        }
    }

    /// Asks to be admitted; whatever was asked of this worker before counts no more.
    private func join() throws {
        isWelcome = false
        epoch = 0
        question = nil
        runner = nil
        parameters = nil
        gradient = nil
        download = nil
        let hello = Hello(
            version: version, architecture: Machine.architecture, host: Machine.hostName, pid: Machine.processID,
            cores: UInt16(clamping: Machine.cores), secret: invitation.secret.bytes)
        try send(.hello, body: hello.encoded())
    }

    /// The coordinator said nothing for too long.
    private var lost: Failure {
        Failure(
            .workers, isWelcome ? "lost the coordinator" : "cannot reach the coordinator",
            at: invitation.endpoint.description, because: "no word for \(patience.components.seconds) s",
            remedy: "see whether it runs and listens there")
    }

    /// Does what a message says; false after the farewell.
    private func handle(_ message: Envelope, _ heartbeat: Heartbeat) throws -> Bool {
        // Work for a place that was lost may still be on its way.
        if !isWelcome, ![.welcome, .refused, .farewell].contains(message.kind) { return true }
        let isCurrent = message.header.epoch == epoch
        switch message.kind {
        case .welcome:
            isWelcome = true
            heartbeat.use(try HeartbeatTicket(message.body))
        case .ping: break
        case .farewell: return false
        case .refused:
            throw Failure(
                .workers, "turned away by the coordinator", at: invitation.endpoint.description,
                because: try Complaint(message.body).line)
        case .prepare: try prepare(Prepare(message.body), epoch: message.header.epoch)
        case .data: if isCurrent { try append(message.body) }
        case .work: if isCurrent { try work(message) }
        case .hello, .ready, .dataRequest, .result, .failed, .goodbye, .heartbeat, .rejoin:
            throw Failure(
                .workers, "malformed message", at: invitation.endpoint.description,
                because: "a coordinator does not say \(message.kind)")
        }
        return true
    }

    /// Builds the question, from the cached data set or after asking for it.
    private func prepare(_ prepare: Prepare, epoch: UInt32) throws {
        self.epoch = epoch
        seed = prepare.seed
        runner = nil
        parameters = nil
        gradient = nil
        download = nil
        guard let type = QuestionCatalog.named(prepare.question) else {
            throw Failure(
                .workers, "unknown question", at: prepare.question, because: "this worker's build does not have it",
                remedy: "build the same sources on every host")
        }
        question = try QuestionCatalog.make(type, Configuration(canonicalJSON: prepare.configuration))
        if let data = cache.load(prepare.dataHash) { return try start(with: data) }
        guard let size = Int(exactly: prepare.dataSize) else {
            throw Failure(.workers, "malformed message", because: "a data set of \(prepare.dataSize) bytes")
        }
        download = try DataSetReceiver(prepare.dataHash, byteCount: size, into: cache)
        requested = 0
        dataSize = size
        // Several requests under way hide the time a piece travels.
        for _ in 0..<8 { try requestNextPiece() }
    }

    private func requestNextPiece() throws {
        guard requested < dataSize else { return }
        try send(.dataRequest, step: UInt64(requested))
        requested += DataFile.pieceSize
    }

    private func append(_ piece: Frame) throws {
        guard let download else { return }
        try piece.withBytes { try download.append($0) }
        if download.missingByteCount == 0 {
            self.download = nil
            try start(with: download.finish())
        } else {
            try requestNextPiece()
        }
    }

    private func start(with data: DataSet) throws {
        guard let question else { return }
        self.data = data
        exampleCounts = [:]
        let runner = try ShardRunner(question, data: data, seed: seed)
        self.runner = runner
        try send(.ready, step: UInt64(runner.parameterCount))
    }

    private func work(_ message: Envelope) throws {
        guard let runner else { return }
        let work = try Work(message.body, round: message.header.step, shards: message.shards)
        try check(work)
        if let numbers = message.numbers {
            // Copied, because products of matrices may read a little behind the parameters (`Storage.readableSlack`).
            let received = try numbers.floats(count: runner.parameterCount)
            let own = parameters ?? Storage(count: runner.parameterCount)
            own.pointer.update(from: received.pointer, count: received.count)
            parameters = own
        }
        guard let parameters else {
            throw Failure(.workers, "malformed message", because: "work came before any parameters")
        }
        let start = ContinuousClock.now
        var gradient: Storage?
        if work.kind == .gradient {
            // Not computed inside the message itself: products may read a little behind it (`Storage.readableSlack`).
            gradient = self.gradient ?? Storage(count: runner.parameterCount)
            self.gradient = gradient
        }
        let result = try runner.run(work, parameters: parameters.pointer, gradient: gradient)
        let body = ResultBody(result, computeSeconds: (ContinuousClock.now - start).seconds)
        try socket.sendOrFail(
            Envelope.frames(
                .result, epoch: epoch, step: work.round, shards: work.shards, body: Frame(copying: body.encoded()),
                numbers: result.partial.gradient.map { try Frame(copying: $0.bytes) }))
    }

    /// Sees that the question does such work, and has the examples.
    private func check(_ work: Work) throws {
        guard let question, let data else { return }
        let isKindRight =
            switch question.method {
            case .gradientDescent: work.kind != .search
            case .perceptron: work.kind == .search
            case .checksOnly: false
            }
        let count = try exampleCounts[work.split] ?? question.exampleCount(work.split, in: data)
        exampleCounts[work.split] = count
        guard isKindRight, work.examples.allSatisfy({ $0 >= 0 && $0 < count }) else {
            throw Failure(.workers, "malformed message", because: "the work does not fit \(question.name)")
        }
    }

    private func send(_ kind: MessageKind, step: UInt64 = 0, body: [UInt8]? = nil) throws {
        try socket.sendOrFail(
            Envelope.frames(kind, epoch: epoch, step: step, body: try body.map { try Frame(copying: $0) }))
    }
}

/// What either end accepts of the other.
enum ExchangeLimits {
    /// The largest frame, in bytes: the parameters of a model of half a billion numbers.
    static let frameBytes: Int64 = 2 << 30
    /// How long a message to a peer that is there may take to be queued.
    static let sendDeadline = Duration.seconds(20)
}

extension Socket {
    /// Sends a message, or fails if it cannot be queued in time.
    func sendOrFail(_ frames: [Frame]) throws {
        guard try send(frames, within: ExchangeLimits.sendDeadline) == .sent else {
            throw Failure(.workers, "lost the coordinator", because: "it takes no messages any more")
        }
    }
}
