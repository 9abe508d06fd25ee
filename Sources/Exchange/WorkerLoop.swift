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

    let invitation: Invitation
    let cache: DataSetCache
    private let version: String
    private let patience: Duration
    private let heartbeatInterval: Duration
    private let context: Context
    let socket: Socket
    /// The seat at the memory shared with the coordinator; nil where everything goes by messages.
    let seat: WorkerSeat?
    /// The threads that compute.
    let crew: ThreadCrew
    /// How long to listen before looking at other things.
    private static let look = Duration.milliseconds(250)
    private var isWelcome = false
    var epoch: UInt32 = 0
    var question: (any Question)?
    var seed: UInt64 = 0
    var data: DataSet?
    var exampleCounts: [Split: Int] = [:]
    var download: DataSetReceiver?
    /// How much of the data set was asked for so far, and how much there is, in bytes.
    var requested = 0
    var dataSize = 0
    var runner: ShardRunner?
    /// The newest parameters that came by message.
    var parameters: Storage?
    /// Where gradients are computed that go by message.
    var gradient: Storage?
    /// The messages that were announced at the seat and have not come yet.
    private var missingMail = 0
    /// How often one of them did not come in time.
    private var silentLooks = 0

    /// Connects to the coordinator, which need not be there yet.
    ///
    /// - Parameters:
    ///   - cache: where data sets are kept.
    ///   - version: this build; a coordinator of another one turns the worker away.
    ///   - seat: the seat at the coordinator's memory; nil to exchange by messages alone.
    ///   - threads: how many compute.
    ///   - patience: how long the coordinator may be silent before it is taken for dead.
    ///   - heartbeatInterval: the time between two signs of life, several of which fit into the coordinator's lease.
    /// - Throws: `Failure(.workers)` if the endpoint cannot be used at all.
    public init(
        _ invitation: Invitation, context: Context, cache: DataSetCache, version: String, seat: WorkerSeat? = nil,
        threads: Int = 1, patience: Duration = .seconds(30), heartbeatInterval: Duration = .seconds(1)
    ) throws {
        self.invitation = invitation
        self.cache = cache
        self.version = version
        self.patience = patience
        self.heartbeatInterval = heartbeatInterval
        self.context = context
        self.seat = seat
        crew = try ThreadCrew(count: threads)
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
            do {
                guard let isHeard = try listen(heartbeat) else { return }
                silence = isHeard ? .zero : silence + Self.look
            } catch {
                try? send(.failed, body: Complaint(error).encoded())
                throw error
            }
            guard silence < patience else { throw lost }
        }
    }

    /// Waits for a word of the coordinator, in memory or by message, and does what it says.
    ///
    /// - Returns: whether there was one; nil after the farewell.
    private func listen(_ heartbeat: Heartbeat) throws -> Bool? {
        guard let seat, runner != nil else {
            guard let delivery = try socket.receive(within: Self.look) else { return false }
            let isHeard = try handle(delivery, heartbeat)
            // Nobody waits for announcements yet; what comes from here on is announced anew.
            _ = self.seat?.newMail()
            missingMail = 0
            return isHeard
        }
        if try workAtSeat(seat) { return true }
        missingMail += seat.newMail()
        if missingMail > 0 {
            // A message arrives a little later than its announcement; what does not is found at the next long look.
            guard let delivery = try socket.receive(within: .milliseconds(1)) else {
                silentLooks += 1
                if silentLooks == 10 { missingMail = 0 }
                return true
            }
            return try handle(delivery, heartbeat)
        }
        silentLooks = 0
        seat.wait(within: Self.look)
        if seat.hasNews { return true }
        guard let delivery = try socket.receive() else { return false }
        return try handle(delivery, heartbeat)
    }

    private func handle(_ delivery: Delivery, _ heartbeat: Heartbeat) throws -> Bool? {
        missingMail = max(0, missingMail - 1)
        silentLooks = 0
        guard case .message(let frames) = delivery else { return true }
        return try handle(Envelope(frames), heartbeat) ? true : nil
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
        seat?.skipCommands()
        let hello = Hello(
            version: version, architecture: Machine.architecture, host: Machine.hostName, pid: Machine.processID,
            cores: UInt16(clamping: Machine.cores), secret: invitation.secret.bytes,
            seat: seat.map { UInt16($0.number) })
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

    func send(_ kind: MessageKind, step: UInt64 = 0, body: [UInt8]? = nil) throws {
        try socket.sendOrFail(
            Envelope.frames(kind, epoch: epoch, step: step, body: try body.map { try Frame(copying: $0) }))
    }
}

/// What either end accepts of the other.
enum ExchangeLimits {
    /// The largest frame, in bytes: the parameters of a model of half a billion numbers.
    static let frameBytes: Int64 = 2 << 30
    /// How long either end looks into shared memory before it sleeps: about what it costs to be woken twice.
    static let spin = Duration.microseconds(50)
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
