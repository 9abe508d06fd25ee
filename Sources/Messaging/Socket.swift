import CZeroMQ
import Diagnostics
import Glibc

/// A ZeroMQ socket.
///
/// Belongs to one thread; it is closed when its owner lets go of it, and a poller that watches it keeps it open until
/// it is removed there. What was sent and has not left by then is dropped, unless `setLinger` allows time for it.
public struct Socket: ~Copyable {
    /// The pattern of a socket.
    public enum Kind: Sendable {
        /// Talks to many peers, each addressed by an identity before the message.
        case router
        /// Talks to a router, without addressing.
        case dealer
        /// Receives a request, sends the reply, in turns.
        case reply
        /// Sends a request, receives the reply, in turns.
        case request
        /// Talks to exactly one other socket.
        case pair

        var number: Int32 {
            switch self {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            case .reply: ZMQ_REP
            case .request: ZMQ_REQ
            case .pair: ZMQ_PAIR
            }
        }
    }

    /// The pattern of the socket.
    public let kind: Kind
    /// What one received message may have at most; more is dropped and reported.
    public var limits = MessageLimits(parts: 64, bytes: 1 << 31)
    let handle: SocketHandle
    /// Who vouches for the senders; nil on a socket without CURVE, or at the client's end.
    var gate: ZapHandler?

    /// Opens a socket.
    ///
    /// - Throws: `Failure` when too many are open or the context is shut down.
    public init(_ kind: Kind, in context: Context) throws {
        self.kind = kind
        handle = try SocketHandle(kind, in: context)
    }

    /// Listens at an endpoint.
    ///
    /// - Throws: `Failure` (workers) naming the endpoint, the cause and what to do.
    public func bind(to endpoint: Endpoint) throws {
        if endpoint.needsIPv6 { try setIPv6(true) }
        if case .tcp = endpoint.transport { try Self.listInterfaces() }
        guard zmq_bind(handle.pointer, endpoint.bindable) != 0 else { return }
        let error = ZeroMQError.last
        let remedy: String
        switch error.code {
        case EADDRINUSE: remedy = "stop the program that listens there, or choose another port"
        case EACCES: remedy = "choose a port of 1024 or above, or a folder you may write to"
        case EADDRNOTAVAIL, ENODEV: remedy = "listen at an address of this machine"
        default: remedy = "listen at another address"
        }
        throw Failure(
            .workers, "cannot listen", at: endpoint.description, because: error.text, remedy: remedy)
    }

    /// Makes sure that the network interfaces can be listed: where they cannot, libzmq 4.3.4 ends the process.
    private static func listInterfaces() throws {
        var interfaces: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&interfaces) != 0 else { return freeifaddrs(interfaces) }
        throw Failure(
            .workers, "cannot list the network interfaces", because: ZeroMQError.last.text,
            remedy: "let the sandbox or container allow sockets of AF_NETLINK")
    }

    /// Connects to an endpoint, in the background: a peer that is not there yet is tried again and again.
    ///
    /// - Throws: `Failure` (workers) when the address cannot be used at all.
    public func connect(to endpoint: Endpoint) throws {
        if endpoint.needsIPv6 { try setIPv6(true) }
        guard zmq_connect(handle.pointer, endpoint.description) != 0 else { return }
        throw Failure(
            .workers, "cannot connect", at: endpoint.description, because: ZeroMQError.last.text,
            remedy: "check the address")
    }

    /// Stops listening at an endpoint; connections that stand go on.
    ///
    /// - Throws: `Failure` when the socket does not listen there.
    public func unbind(from endpoint: Endpoint) throws {
        guard zmq_unbind(handle.pointer, endpoint.bindable) != 0 else { return }
        throw ZeroMQError.last.failure("cannot stop listening", at: endpoint.description)
    }

    /// Ends a connection that `connect` made.
    ///
    /// - Throws: `Failure` when there is none.
    public func disconnect(from endpoint: Endpoint) throws {
        guard zmq_disconnect(handle.pointer, endpoint.description) != 0 else { return }
        throw ZeroMQError.last.failure("cannot disconnect", at: endpoint.description)
    }

    /// The endpoint bound or connected last, with the port that the system chose.
    ///
    /// - Throws: `Failure` when the socket has none.
    public var lastEndpoint: Endpoint {
        get throws {
            var text = [UInt8](repeating: 0, count: 1024)
            var count = text.count
            guard zmq_getsockopt(handle.pointer, ZMQ_LAST_ENDPOINT, &text, &count) == 0, count > 1 else {
                throw Failure(.workers, "the socket is neither bound nor connected")
            }
            return try Endpoint(String(decoding: text[..<(count - 1)], as: UTF8.self))
        }
    }
}

/// The one owner of a socket's C handle.
///
/// Shared between a socket and the pollers that watch it.
final class SocketHandle {
    let pointer: UnsafeMutableRawPointer
    /// A frame that waits for a message, so that looking for one that is not there allocates nothing.
    var spareFrame: Frame?
    /// Keeps the context alive for as long as the socket is open.
    let context: Context

    init(_ kind: Socket.Kind, in context: Context) throws {
        guard let pointer = zmq_socket(context.handle, kind.number) else {
            throw ZeroMQError.last.failure("cannot open a socket")
        }
        self.pointer = pointer
        self.context = context
    }

    deinit {
        zmq_close(pointer)
    }
}
