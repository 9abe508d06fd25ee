import CZeroMQ
import Diagnostics

/// Waits for several sockets and file descriptors at once.
///
/// Belongs to one thread. A socket stays open for as long as a poller watches it.
public struct Poller: ~Copyable {
    /// What a socket or file descriptor is ready for, or is watched for.
    public struct Readiness: OptionSet, Sendable {
        /// The bits of libzmq's poll events.
        public let rawValue: Int16

        /// Creates a set from libzmq's poll events.
        public init(rawValue: Int16) {
            self.rawValue = rawValue
        }

        /// There is something to receive or read.
        public static let readable = Readiness(rawValue: Int16(ZMQ_POLLIN))
        /// There is room to send or write.
        public static let writable = Readiness(rawValue: Int16(ZMQ_POLLOUT))
        /// A file descriptor was hung up or is broken; always reported.
        public static let failed = Readiness(rawValue: Int16(ZMQ_POLLERR))
    }

    /// A name for what was added.
    public struct Token: Hashable, Sendable {
        fileprivate let number: Int
    }

    private var items: [zmq_pollitem_t] = []
    private var tokens: [Token] = []
    private var sockets: [SocketHandle?] = []
    private var next = 0

    /// Creates a poller that watches nothing.
    public init() {}

    /// Watches a socket.
    ///
    /// - Returns: the token to ask for it with.
    public mutating func add(_ socket: borrowing Socket, for events: Readiness = .readable) -> Token {
        let handle = socket.handle
        return add(
            zmq_pollitem_t(socket: handle.pointer, fd: -1, events: events.rawValue, revents: 0), keeping: handle)
    }

    /// Watches a file descriptor, which stays open until it is removed.
    ///
    /// - Returns: the token to ask for it with.
    public mutating func add(descriptor: Int32, for events: Readiness = .readable) -> Token {
        precondition(descriptor >= 0)
        return add(zmq_pollitem_t(socket: nil, fd: descriptor, events: events.rawValue, revents: 0), keeping: nil)
    }

    /// Changes what something is watched for; an empty set suspends the watch.
    public mutating func change(_ token: Token, to events: Readiness) {
        items[index(of: token)].events = events.rawValue
    }

    /// Stops watching something; its token is of no use afterwards.
    public mutating func remove(_ token: Token) {
        let index = index(of: token)
        items.remove(at: index)
        tokens.remove(at: index)
        sockets.remove(at: index)
    }

    /// Waits until something is ready.
    ///
    /// - Parameter duration: how long to wait at most; zero does not wait.
    /// - Returns: how many are ready; zero when the time is up or a signal arrived.
    /// - Throws: `Failure` when the context is shut down.
    public mutating func wait(within duration: Duration) throws -> Int {
        let ready = zmq_poll(&items, Int32(items.count), Deadline.milliseconds(duration))
        if ready >= 0 { return Int(ready) }
        let error = ZeroMQError.last
        for index in items.indices { items[index].revents = 0 }
        guard error.code == EINTR else { throw error.failure("cannot wait for sockets") }
        return 0
    }

    /// What something was ready for when `wait` returned last.
    public func readiness(of token: Token) -> Readiness {
        Readiness(rawValue: items[index(of: token)].revents)
    }

    /// Everything that was ready when `wait` returned last.
    public var ready: [Token] {
        items.indices.compactMap { items[$0].revents != 0 ? tokens[$0] : nil }
    }

    private mutating func add(_ item: zmq_pollitem_t, keeping socket: SocketHandle?) -> Token {
        let token = Token(number: next)
        next += 1
        items.append(item)
        tokens.append(token)
        sockets.append(socket)
        return token
    }

    private func index(of token: Token) -> Int {
        guard let index = tokens.firstIndex(of: token) else {
            preconditionFailure("the token belongs to nothing that this poller watches")
        }
        return index
    }
}
