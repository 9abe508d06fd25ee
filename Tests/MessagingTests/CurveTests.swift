import Diagnostics
import Glibc
import Testing

@testable import Messaging

@Suite(.timeLimit(.minutes(5))) struct CurveTests {
    @Test func `Keys survive as text, and the secret one does not show`() throws {
        let pair = try CurveKeyPair.generate()
        #expect(try CurvePublicKey(pair.publicKey.description) == pair.publicKey)
        #expect(try CurveSecretKey(pair.secretKey.secretText) == pair.secretKey)
        #expect(pair.secretKey.secretText.count == 40)
        #expect(!"\(pair)".contains(pair.secretKey.secretText))
        #expect(try pair != CurveKeyPair.generate())
        #expect(throws: Failure.self) {
            try CurveKeyPair(publicKey: CurveKeyPair.generate().publicKey, secretKey: pair.secretKey)
        }
    }

    @Test(arguments: [
        "", "short", String(repeating: "\u{e9}", count: 40), String(repeating: "\"", count: 40),
        String(repeating: "#", count: 40), String(repeating: "a", count: 41),
    ])
    func `What is no key is refused`(_ text: String) {
        #expect(throws: Failure.self) { try CurvePublicKey(text) }
        #expect(throws: Failure.self) { try CurveSecretKey(text) }
    }

    @Test func `A known client is admitted, and its frames carry its key`() throws {
        let server = try Server()
        let known = try CurveKeyPair.generate()
        server.handler.admit(known.publicKey)
        let client = try server.client(known)
        try send(["hello", "again"], on: client)
        let received = try parts(server.socket)
        #expect(received.last?.userID == known.publicKey.description)
        #expect(try server.socket.send([received[0], Frame("welcome")], within: patience) == .sent)
        #expect(try texts(client) == ["welcome"])
        #expect(server.handler.refusals == 0)
    }

    @Test(arguments: ["unknown key", "no encryption", "wrong server key"])
    func `Any other client is refused, and a known one still gets through`(_ case: String) throws {
        let known = try CurveKeyPair.generate()
        let server = try Server(admitting: [known.publicKey])
        let stranger = try Socket(.dealer, in: server.context)
        switch `case` {
        case "unknown key": try stranger.secureAsClient(with: .generate(), to: server.keys.publicKey)
        case "wrong server key": try stranger.secureAsClient(with: known, to: CurveKeyPair.generate().publicKey)
        default: break
        }
        try stranger.connect(to: server.endpoint)
        _ = try stranger.send([Frame("let me in")])
        #expect(try server.socket.receive(within: moment) == nil)
        #expect((server.handler.refusals > 0) == (`case` == "unknown key"))
        let friend = try server.client(known)
        try send(["hello"], on: friend)
        #expect(try texts(server.socket).last == "hello")
    }

    @Test func `A revoked client's messages are violations`() throws {
        let known = try CurveKeyPair.generate()
        let server = try Server(admitting: [known.publicKey])
        let client = try server.client(known)
        try send(["one"], on: client)
        #expect(try texts(server.socket).last == "one")
        server.handler.revoke(known.publicKey)
        try send(["two"], on: client)
        guard case .violation(let violation) = try #require(try server.socket.receive(within: patience)) else {
            Issue.record("the message was let in")
            return
        }
        #expect(violation.limit == .authentication)
        #expect(violation.sender != nil)
    }

    @Test func `Without a living handler nothing is received, and no server is set up`() throws {
        let known = try CurveKeyPair.generate()
        let server = try Server(admitting: [known.publicKey])
        #expect(server.handler.isAlive)
        server.handler.stop()
        server.handler.stop()
        #expect(!server.handler.isAlive)
        let stranger = try server.client(.generate())
        try send(["libzmq lets me in"], on: stranger)
        let failure = #expect(throws: Failure.self) { _ = try server.socket.receive(within: patience) }
        #expect(failure?.what == "the authentication handler has died")
        var second = try Socket(.router, in: server.context)
        let keys = server.keys
        let handler = server.handler
        do {
            try second.secureAsServer(with: keys, admittedBy: handler)
            Issue.record("a dead handler was accepted")
        } catch {
            #expect(error is Failure)
        }
    }

    @Test func `A second handler in one context is refused, and the first can be replaced`() throws {
        let context = try Context()
        let first = try ZapHandler(in: context)
        let failure = #expect(throws: Failure.self) { try ZapHandler(in: context) }
        #expect(failure?.what == "cannot start the authentication handler")
        #expect(failure?.cause == "Address already in use")
        first.stop()
        #expect(try ZapHandler(in: context).isAlive)
    }

    @Test func `A handler dies with its context`() throws {
        let context = try Context()
        let handler = try ZapHandler(in: context)
        context.shutDown()
        let deadline = ContinuousClock.now + patience
        while handler.isAlive && ContinuousClock.now < deadline { usleep(5000) }
        #expect(!handler.isAlive)
    }
}

/// A router that admits only known keys.
private final class Server {
    let context: Context
    let handler: ZapHandler
    let keys: CurveKeyPair
    let socket: Socket
    let endpoint: Endpoint

    init(admitting clients: Set<CurvePublicKey> = []) throws {
        context = try Context()
        handler = try ZapHandler(in: context, admitting: clients)
        keys = try .generate()
        var socket = try Socket(.router, in: context)
        try socket.setMandatoryRouting(true)
        try socket.secureAsServer(with: keys, admittedBy: handler)
        endpoint = try bound(socket)
        self.socket = socket
    }

    func client(_ pair: CurveKeyPair) throws -> Socket {
        let socket = try Socket(.dealer, in: context)
        try socket.secureAsClient(with: pair, to: keys.publicKey)
        try socket.connect(to: endpoint)
        return socket
    }
}
