import CZeroMQ
import Diagnostics

extension Socket {
    /// Sets how long messages that have not left yet keep the context alive after the socket has closed.
    ///
    /// - Parameter duration: zero (the default) drops them at once.
    /// - Throws: `Failure` when libzmq refuses the value, as do all setters of options.
    public func setLinger(_ duration: Duration) throws {
        try set(ZMQ_LINGER, Deadline.milliseconds(duration), "linger")
    }

    /// Sets how many messages may wait for one peer before sending blocks; zero for no limit.
    public func setSendQueue(_ messages: Int) throws {
        try set(ZMQ_SNDHWM, messages, "send queue")
    }

    /// Sets how many messages of one peer may wait here before it is held back; zero for no limit.
    public func setReceiveQueue(_ messages: Int) throws {
        try set(ZMQ_RCVHWM, messages, "receive queue")
    }

    /// Sets the size of a frame above which its sender is disconnected; set it before `bind` or `connect`.
    public func setMaximumFrame(bytes: Int64) throws {
        var value = bytes
        guard zmq_setsockopt(handle.pointer, ZMQ_MAXMSGSIZE, &value, MemoryLayout<Int64>.size) == 0 else {
            throw ZeroMQError.last.failure("cannot set a socket's maximum frame to \(bytes)")
        }
    }

    /// Makes a router say when a peer is unknown or its queue is full, rather than drop the message silently.
    public func setMandatoryRouting(_ on: Bool) throws {
        try set(ZMQ_ROUTER_MANDATORY, on ? 1 : 0, "mandatory routing")
    }

    /// Lets a new connection take over the identity of an old one.
    ///
    /// Only for peers that are authenticated: it lets whoever knows an identity push its owner out.
    public func setHandover(_ on: Bool) throws {
        try set(ZMQ_ROUTER_HANDOVER, on ? 1 : 0, "handover")
    }

    /// Sets the heartbeat by which a dead connection is noticed; set it before `bind` or `connect`.
    ///
    /// Only whole frames answer it, so a frame must take less than `timeout` on the slowest link.
    ///
    /// - Parameters:
    ///   - interval: between two beats.
    ///   - timeout: of silence after which this side gives the connection up.
    ///   - peerTimeout: of silence after which the other side does; at most 60 s (libzmq overflows at 65.6 s).
    public func setHeartbeat(every interval: Duration, timeout: Duration, peerTimeout: Duration) throws {
        guard peerTimeout <= .seconds(60) else {
            throw Failure(
                .workers, "cannot set a heartbeat", because: "the peer's time-out is above 60 s", remedy: "lower it")
        }
        try set(ZMQ_HEARTBEAT_IVL, Deadline.milliseconds(interval), "heartbeat interval")
        try set(ZMQ_HEARTBEAT_TIMEOUT, Deadline.milliseconds(timeout), "heartbeat time-out")
        try set(ZMQ_HEARTBEAT_TTL, Deadline.milliseconds(peerTimeout), "heartbeat time-out of the peer")
    }

    /// Sets how long a peer may take over the handshake before it is disconnected.
    public func setHandshakeTimeout(_ duration: Duration) throws {
        try set(ZMQ_HANDSHAKE_IVL, Deadline.milliseconds(duration), "handshake time-out")
    }

    /// Lets messages queue only for connections that stand, rather than for those still being made.
    public func setImmediate(_ on: Bool) throws {
        try set(ZMQ_IMMEDIATE, on ? 1 : 0, "immediate")
    }

    /// Sets how often a lost connection is tried again.
    ///
    /// - Parameters:
    ///   - interval: the first pause.
    ///   - maximum: the longest; pauses double up to it.
    public func setReconnect(every interval: Duration, upTo maximum: Duration) throws {
        try set(ZMQ_RECONNECT_IVL, Deadline.milliseconds(interval), "reconnect interval")
        try set(ZMQ_RECONNECT_IVL_MAX, Deadline.milliseconds(maximum), "longest reconnect interval")
    }

    /// Lets the socket use IPv6 beside IPv4, for host names; `bind` and `connect` do so for IPv6 addresses.
    public func setIPv6(_ on: Bool) throws {
        try set(ZMQ_IPV6, on ? 1 : 0, "IPv6")
    }

    /// Sets the identity by which a router at the other end will know this socket; set it before `connect`.
    ///
    /// Its first byte must not be zero, which libzmq keeps for identities of its own.
    public func setIdentity(_ identity: Identity) throws {
        try set(ZMQ_ROUTING_ID, identity.bytes, "identity")
    }

    func set(_ option: Int32, _ value: Int, _ name: String) throws {
        guard var narrow = Int32(exactly: value) else {
            throw Failure(.workers, "cannot set a socket's \(name) to \(value)", because: "the value is out of range")
        }
        guard zmq_setsockopt(handle.pointer, option, &narrow, MemoryLayout<Int32>.size) == 0 else {
            throw ZeroMQError.last.failure("cannot set a socket's \(name) to \(value)")
        }
    }

    func set(_ option: Int32, _ bytes: [UInt8], _ name: String) throws {
        guard zmq_setsockopt(handle.pointer, option, bytes, bytes.count) == 0 else {
            throw ZeroMQError.last.failure("cannot set a socket's \(name)")
        }
    }
}
