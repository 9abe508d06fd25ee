import Diagnostics
import Messaging

/// Admits one worker on the loopback interface, encrypted, and dismisses it: shows that sockets, keys and words work.
///
/// Belongs to one thread.
public final class TrialAdmission {
    /// Where the worker connects.
    public let endpoint: Endpoint
    /// What it needs to be let in; only whoever has it is.
    public let token: TokenFile
    private let socket: Socket

    /// Listens at a port that the system chooses.
    ///
    /// - Throws: `Failure(.workers)` if that is not possible, or libzmq cannot encrypt.
    public init(in context: Context) throws {
        let server = try CurveKeyPair.generate()
        token = TokenFile(server: server.publicKey, client: try CurveKeyPair.generate())
        let handler = try ZapHandler(in: context, admitting: [token.client.publicKey])
        var socket = try Socket(.router, in: context)
        socket.limits = MessageLimits(parts: 4, bytes: 1 << 16)
        try socket.setMaximumFrame(bytes: 1 << 16)
        try socket.setLinger(.seconds(1))
        try socket.secureAsServer(with: server, admittedBy: handler)
        try socket.bind(to: .loopback)
        endpoint = try socket.lastEndpoint
        self.socket = socket
    }

    /// Waits for the first words of the worker, and tells it to go.
    ///
    /// - Returns: its process; nil if the time is up.
    /// - Throws: `Failure(.workers)` if it says something else.
    public func admit(within duration: Duration) throws -> Int32? {
        guard case .message(let parts)? = try socket.receive(within: duration),
            let peer = parts.first.flatMap({ Identity($0) })
        else { return nil }
        let message = try Envelope(Array(parts.dropFirst()))
        // From its second connection come heartbeats.
        guard message.kind == .hello else { return nil }
        let hello = try Hello(message.body)
        _ = try socket.send([peer.frame()] + Envelope.frames(.farewell), within: ExchangeLimits.sendDeadline)
        return hello.pid
    }
}
