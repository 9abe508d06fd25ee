import Diagnostics
import Glibc
import Messaging
import Platform
import Synchronization
import Threads

/// Proves to the coordinator that a worker sent a heartbeat: its number, and a secret that it alone was told.
struct HeartbeatTicket: Equatable, Sendable {
    var member: UInt64
    var secret: UInt64

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(member)
        writer.write(secret)
        return writer.bytes
    }

    init(member: UInt64, secret: UInt64) {
        self.member = member
        self.secret = secret
    }

    init(_ frame: Frame) throws {
        self = try frame.decode { reader in HeartbeatTicket(member: try reader.read(), secret: try reader.read()) }
    }
}

/// Tells the coordinator every second that this worker is alive, from a thread and a connection of its own, so that a
/// long computation does not look like death.
///
/// Thread-safe. Its thread ends within milliseconds of `stop`, or when the coordinator can be written to no more.
final class Heartbeat: Sendable {
    private let state: HeartbeatState
    private let thread: Mutex<JoinableThread?>

    /// Starts the thread; it is silent until there is a ticket.
    ///
    /// - Parameters:
    ///   - socket: connected to the coordinator; it is the thread's from now on.
    ///   - interval: the time between two heartbeats.
    /// - Throws: `Failure(.workers)` if no thread can be started.
    init(_ socket: consuming sending Socket, every interval: Duration) throws {
        state = try HeartbeatState()
        let loop = HeartbeatLoop(socket: socket, state: state, interval: interval)
        do {
            thread = Mutex(try JoinableThread { loop.run() })
        } catch {
            throw Failure(.workers, "cannot start the heartbeat", because: String(cString: strerror(error.status)))
        }
    }

    /// Sends heartbeats with a ticket from now on; nil sends none.
    func use(_ ticket: HeartbeatTicket?) {
        state.current.withLock { $0 = HeartbeatState.Current(ticket: ticket) }
        platform_ring_bell(state.bell)
    }

    /// Whether the coordinator does not know the ticket in use any more.
    var isRejected: Bool { state.current.withLock { $0.isRejected } }

    /// Ends the thread and waits for it.
    func stop() {
        thread.withLock { thread in
            guard let running = thread else { return }
            state.isStopping.store(true, ordering: .releasing)
            platform_ring_bell(state.bell)
            running.join()
            thread = nil
        }
    }

    deinit {
        stop()
    }
}

/// What a worker's two threads share.
private final class HeartbeatState: Sendable {
    struct Current {
        var ticket: HeartbeatTicket?
        var isRejected = false
    }

    let current = Mutex(Current())
    let isStopping = Atomic(false)
    /// Rung when there is something to look at.
    let bell: Int32

    init() throws {
        bell = platform_create_bell()
        guard bell >= 0 else {
            throw Failure(.workers, "cannot start the heartbeat", because: String(cString: strerror(-bell)))
        }
    }

    deinit {
        close(bell)
    }
}

/// The heartbeat's thread.
private final class HeartbeatLoop {
    private let socket: Socket
    private let state: HeartbeatState
    private let interval: Duration

    init(socket: consuming Socket, state: HeartbeatState, interval: Duration) {
        self.socket = socket
        self.state = state
        self.interval = interval
    }

    func run() {
        var next = ContinuousClock.now
        var sent: HeartbeatTicket?
        var poller = Poller()
        _ = poller.add(socket)
        _ = poller.add(descriptor: state.bell)
        while !state.isStopping.load(ordering: .acquiring) {
            // A socket that fails belongs to a context that is shut down; the worker's own socket says so.
            do {
                let ticket = state.current.withLock { $0.ticket }
                if let ticket, ticket != sent || ContinuousClock.now >= next {
                    sent = ticket
                    next = .now + interval
                    // Never queued for long: a heartbeat that is late is worth nothing.
                    let body = try Frame(copying: ticket.encoded())
                    _ = try socket.send(Envelope.frames(.heartbeat, body: body))
                }
                _ = try poller.wait(within: ticket == nil ? interval : max(.zero, next - .now))
                platform_silence_bell(state.bell)
                while case .message(let frames) = try socket.receive() { take(frames) }
            } catch let failure as Failure where failure.what == "malformed message" {
                continue
            } catch {
                return
            }
        }
    }

    private func take(_ frames: [Frame]) {
        guard let message = try? Envelope(frames), message.kind == .rejoin else { return }
        state.current.withLock { current in
            // What is said of an earlier ticket does not matter any more.
            if current.ticket?.member == message.header.step { current.isRejected = true }
        }
    }
}
