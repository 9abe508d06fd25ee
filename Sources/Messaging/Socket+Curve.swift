import CZeroMQ
import Diagnostics

extension Socket {
    /// Encrypts every connection of this socket, and admits only whom the handler knows; call it before `bind`.
    ///
    /// From then on `receive` reports a message whose sender the handler does not know as a violation, and throws
    /// once the handler is dead: without one libzmq admits everybody.
    ///
    /// - Parameters:
    ///   - keys: of this server.
    ///   - handler: of the same context; it has to be alive.
    /// - Throws: `Failure` when the handler is dead or libzmq has no CURVE.
    public mutating func secureAsServer(with keys: CurveKeyPair, admittedBy handler: ZapHandler) throws {
        precondition(handler.context === handle.context, "the handler serves another context")
        try handler.check()
        try set(ZMQ_ZAP_DOMAIN, Array("lockstep".utf8), "authentication domain")
        try set(ZMQ_CURVE_SERVER, 1, "CURVE role")
        try set(ZMQ_CURVE_SECRETKEY, keys.secretKey.bytes, "secret key")
        gate = handler
    }

    /// Encrypts every connection of this socket to a server whose key is known; call it before `connect`.
    ///
    /// - Parameters:
    ///   - keys: of this client.
    ///   - server: the key that the server has to prove.
    /// - Throws: `Failure` when libzmq has no CURVE.
    public func secureAsClient(with keys: CurveKeyPair, to server: CurvePublicKey) throws {
        try set(ZMQ_CURVE_SERVERKEY, server.bytes, "server's key")
        try set(ZMQ_CURVE_PUBLICKEY, keys.publicKey.bytes, "public key")
        try set(ZMQ_CURVE_SECRETKEY, keys.secretKey.bytes, "secret key")
    }
}
