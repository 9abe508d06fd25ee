/// What a receive call brings: a message, or news of one that was thrown away.
public enum Delivery {
    /// A whole message, part by part; on a router the first part is the sender's identity.
    case message([Frame])
    /// A message that exceeded a limit, or whose sender is not admitted; it was dropped unread.
    case violation(Violation)
}

/// A message that went beyond what the receiver accepts.
public struct Violation: Hashable, Sendable {
    /// The limit that was exceeded.
    public enum Limit: Hashable, Sendable {
        /// The message had more parts than this.
        case parts(Int)
        /// The message had more bytes, over all parts, than this.
        case bytes(Int)
        /// The sender of the message is not, or no longer, admitted.
        case authentication
    }

    /// Who sent it, where the socket is a router.
    public let sender: Identity?
    /// Which limit it exceeded.
    public let limit: Limit
}

/// How a send call ended.
public enum SendOutcome: Hashable, Sendable {
    /// The message is queued as a whole.
    case sent
    /// The queue was full until the deadline; nothing was sent.
    case wouldBlock
    /// There is no such peer, or its connection went away; the message is lost.
    case unreachable
}

/// What a receiver accepts at most in one message.
public struct MessageLimits: Hashable, Sendable {
    /// Parts, the identity included.
    public var parts: Int
    /// Bytes over all parts.
    public var bytes: Int

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - parts: at least 1.
    ///   - bytes: at least 1.
    public init(parts: Int, bytes: Int) {
        precondition(parts >= 1 && bytes >= 1)
        self.parts = parts
        self.bytes = bytes
    }
}
