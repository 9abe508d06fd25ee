import CZeroMQ
import Diagnostics
import Glibc
import Synchronization
import Threads

/// Decides which clients may connect: a thread that answers libzmq's questions (ZAP, RFC 27) for one context.
///
/// Admits exactly the clients whose public keys it was given; the key, as Z85, becomes the user of their frames.
/// Thread-safe. Create it before the server's socket is bound, and keep it for as long as that is open.
public final class ZapHandler: Sendable {
    let context: Context
    private let state: ZapState
    private let thread: Mutex<JoinableThread?>

    /// Starts the handler; when this returns, it is bound.
    ///
    /// - Parameters:
    ///   - context: the context whose server sockets it guards.
    ///   - clients: the keys admitted from the beginning.
    /// - Throws: `Failure` when another handler is bound in this context, or no thread can be started.
    public init(in context: Context, admitting clients: Set<CurvePublicKey> = []) throws {
        let socket = try Socket(.reply, in: context)
        do {
            try socket.bind(to: Endpoint(ZapLoop.address))
        } catch let failure as Failure {
            throw Failure(.workers, "cannot start the authentication handler", because: failure.cause)
        }
        state = try ZapState(admitting: clients)
        self.context = context
        let loop = ZapLoop(socket: socket, state: state)
        do {
            thread = Mutex(try JoinableThread { loop.run() })
        } catch {
            throw Failure(
                .workers, "cannot start the authentication handler", because: String(cString: strerror(error.status)))
        }
    }

    /// Whether the handler still answers.
    ///
    /// Once false it stays so, and nothing that arrives may be trusted any more.
    public var isAlive: Bool { state.isAlive.load(ordering: .acquiring) }

    /// How many handshakes it has refused.
    public var refusals: Int { state.refusals.load(ordering: .relaxed) }

    /// Admits one more client.
    public func admit(_ client: CurvePublicKey) {
        state.admitted.withLock { _ = $0.insert(client.description) }
    }

    /// Admits a client no longer; messages that it sent and that were not yet received count as violations.
    public func revoke(_ client: CurvePublicKey) {
        state.admitted.withLock { _ = $0.remove(client.description) }
    }

    /// Ends the handler's thread and waits for it, which takes milliseconds at most.
    public func stop() {
        thread.withLock { thread in
            guard let running = thread else { return }
            state.wakeUp.signal()
            running.join()
            thread = nil
        }
    }

    /// Whether this is the user of an admitted client.
    func admits(_ user: String?) -> Bool {
        guard let user else { return false }
        return state.admitted.withLock { $0.contains(user) }
    }

    /// Throws unless the handler is alive.
    func check() throws {
        guard isAlive else {
            throw Failure(
                .workers, "the authentication handler has died", because: "without it everybody would be admitted",
                remedy: "start the run again")
        }
    }

    deinit {
        stop()
    }
}

/// What a handler and its thread share.
private final class ZapState: Sendable {
    /// The admitted keys, as Z85.
    let admitted: Mutex<Set<String>>
    let isAlive = Atomic(true)
    let refusals = Atomic(0)
    let wakeUp: WakeUp

    init(admitting clients: Set<CurvePublicKey>) throws {
        admitted = Mutex(Set(clients.map(\.description)))
        wakeUp = try WakeUp()
    }
}

/// What runs on the handler's thread.
private final class ZapLoop {
    /// Where libzmq looks for a handler.
    static let address = "inproc://zeromq.zap.01"

    private let socket: Socket
    private let state: ZapState

    init(socket: consuming Socket, state: ZapState) {
        self.socket = socket
        self.state = state
    }

    /// Answers requests until it is woken to stop, or the context ends.
    func run() {
        defer {
            // Closing alone frees the address only later.
            try? socket.unbind(from: Endpoint(Self.address))
            state.isAlive.store(false, ordering: .releasing)
        }
        // Signals are for the program's own threads.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_SETMASK, &signals, nil)
        var poller = Poller()
        let requests = poller.add(socket)
        let stop = poller.add(descriptor: state.wakeUp.descriptor)
        do {
            while true {
                _ = try poller.wait(within: .seconds(3600))
                if !poller.readiness(of: stop).isEmpty { return }
                if !poller.readiness(of: requests).isEmpty, let delivery = try socket.receive() {
                    try answer(delivery)
                }
            }
        } catch {
            // The context is ending, or the socket is broken: `isAlive` tells.
            return
        }
    }

    /// Answers a request: version, request, domain, address, identity, mechanism, credentials.
    private func answer(_ delivery: Delivery) throws {
        var request = Frame()
        var user = ""
        if case .message(let parts) = delivery, parts.count >= 2 {
            request = parts[1]
            if parts.count == 7, parts[0].bytes == Array("1.0".utf8), parts[5].bytes == Array("CURVE".utf8),
                let key = CurvePublicKey(bytes: parts[6].bytes)
            {
                user = state.admitted.withLock { $0.contains(key.description) } ? key.description : ""
            }
        }
        if user.isEmpty { state.refusals.add(1, ordering: .relaxed) }
        let reply = try [
            Frame("1.0"), request, Frame(user.isEmpty ? "400" : "200"), Frame(user.isEmpty ? "unknown key" : "OK"),
            Frame(user), Frame(),
        ]
        _ = try socket.send(reply)
    }
}
