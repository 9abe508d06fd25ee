import CZeroMQ
import Diagnostics

extension Socket {
    /// Sends a message, part by part, whole or not at all.
    ///
    /// The frames stay usable and may be sent again. On a router the first part is the identity of the peer.
    ///
    /// - Parameters:
    ///   - parts: at least one.
    ///   - duration: how long to wait for room in the queue; zero does not wait.
    /// - Returns: whether the message was queued.
    /// - Throws: `Failure` when the socket cannot be used any more.
    public func send(_ parts: [Frame], within duration: Duration = .zero) throws -> SendOutcome {
        precondition(!parts.isEmpty)
        let first = try sendFirst(parts[0], more: parts.count > 1, within: duration)
        guard first == .sent else { return first }
        for index in 1..<max(parts.count, 1) {
            switch try sendPart(parts[index], more: index + 1 < parts.count) {
            case 0: continue
            // The queue has accepted the message, so only the loss of the connection ends it half-way.
            case EAGAIN, EHOSTUNREACH: return .unreachable
            case let code: throw ZeroMQError(code: code).failure("cannot send")
            }
        }
        return .sent
    }

    /// Receives the next message.
    ///
    /// - Parameter duration: how long to wait for one; zero does not wait.
    /// - Returns: the message, or what was thrown away; nil when the time is up.
    /// - Throws: `Failure` when the socket cannot be used any more.
    public func receive(within duration: Duration = .zero) throws -> Delivery? {
        var deadline: Deadline?
        while true {
            if let delivery = try receiveNow() { return delivery }
            if deadline == nil { deadline = Deadline(after: duration) }
            guard let left = deadline?.milliseconds, left > 0 else { return nil }
            try wait(for: Int16(ZMQ_POLLIN), milliseconds: left)
        }
    }

    private func sendFirst(_ frame: Frame, more: Bool, within duration: Duration) throws -> SendOutcome {
        var deadline: Deadline?
        while true {
            switch try sendPart(frame, more: more) {
            case 0: return .sent
            case EHOSTUNREACH: return .unreachable
            case EAGAIN:
                if deadline == nil { deadline = Deadline(after: duration) }
                guard let left = deadline?.milliseconds, left > 0 else { return .wouldBlock }
                // A router is writable as soon as any peer is, so it is asked again every millisecond.
                try wait(for: kind == .router ? 0 : Int16(ZMQ_POLLOUT), milliseconds: kind == .router ? 1 : left)
            case let code: throw ZeroMQError(code: code).failure("cannot send")
            }
        }
    }

    /// Sends a reference to the frame; returns zero or the error number.
    private func sendPart(_ frame: Frame, more: Bool) throws -> Int32 {
        var reference = zmq_msg_t()
        zmq_msg_init(&reference)
        guard zmq_msg_copy(&reference, frame.message) == 0 else {
            throw ZeroMQError.last.failure("cannot send")
        }
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        while zmq_msg_send(&reference, handle.pointer, flags) < 0 {
            let code = zmq_errno()
            if code == EINTR { continue }
            zmq_msg_close(&reference)
            return code
        }
        return 0
    }

    /// Receives a message if one is there.
    private func receiveNow() throws -> Delivery? {
        var parts: [Frame] = []
        var partCount = 0
        var bytes = 0
        var sender: Identity?
        var more = true
        while more {
            let frame = handle.spareFrame.take() ?? Frame()
            while zmq_msg_recv(frame.message, handle.pointer, ZMQ_DONTWAIT) < 0 {
                let error = ZeroMQError.last
                if error.code == EINTR { continue }
                if error.code == EAGAIN && partCount == 0 {
                    handle.spareFrame = frame
                    return nil
                }
                throw error.failure("cannot receive")
            }
            more = zmq_msg_more(frame.message) != 0
            if partCount == 0 && kind == .router { sender = Identity(frame) }
            partCount += 1
            let (sum, overflow) = bytes.addingReportingOverflow(frame.count)
            bytes = overflow ? .max : sum
            if partCount <= limits.parts && bytes <= limits.bytes {
                parts.append(frame)
            } else {
                parts.removeAll()
            }
        }
        if partCount > limits.parts { return .violation(Violation(sender: sender, limit: .parts(limits.parts))) }
        if bytes > limits.bytes { return .violation(Violation(sender: sender, limit: .bytes(limits.bytes))) }
        if let gate {
            // Alive now, it was alive during the sender's handshake, so that the user of the frame is its word.
            try gate.check()
            guard gate.admits(parts.last?.userID) else {
                return .violation(Violation(sender: sender, limit: .authentication))
            }
        }
        return .message(parts)
    }

    /// Blocks until the socket is ready, the time is up or a signal arrives.
    private func wait(for events: Int16, milliseconds: Int) throws {
        var item = zmq_pollitem_t(socket: handle.pointer, fd: -1, events: events, revents: 0)
        guard zmq_poll(&item, 1, milliseconds) >= 0 || zmq_errno() == EINTR else {
            throw ZeroMQError.last.failure("cannot wait for a socket")
        }
    }
}
