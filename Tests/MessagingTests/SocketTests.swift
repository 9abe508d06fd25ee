import Diagnostics
import Testing

@testable import Messaging

@Suite(.timeLimit(.minutes(5))) struct SocketTests {
    @Test(arguments: ["tcp", "abstract", "inproc"]) func `A router and a dealer talk in parts`(_ transport: String)
        throws
    {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        let endpoint =
            switch transport {
            case "tcp": Endpoint.loopback
            case "abstract": Endpoint.uniqueLocal()
            default: try Endpoint("inproc://here")
            }
        try dealer.connect(to: try bound(router, endpoint))
        try send(["one", "", "three"], on: dealer)
        let received = try parts(router)
        #expect(received.dropFirst().map(\.bytes) == [Array("one".utf8), [], Array("three".utf8)])
        let identity = try #require(Identity(received[0]))
        #expect(try router.send([identity.frame(), Frame("back")]) == .sent)
        #expect(try texts(dealer) == ["back"])
    }

    @Test func `Receiving gives up at the deadline`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        _ = try bound(router)
        #expect(try router.receive() == nil)
        #expect(try router.receive(within: .milliseconds(20)) == nil)
    }

    @Test func `A chosen identity is seen by the router`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        let identity = try #require(Identity(Array("worker-7".utf8)))
        try dealer.setIdentity(identity)
        try dealer.connect(to: try bound(router))
        try send(["hello"], on: dealer)
        #expect(Identity(try parts(router)[0]) == identity)
    }

    @Test func `A mandatory router knows that a peer is missing`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.setMandatoryRouting(true)
        _ = try bound(router)
        #expect(try router.send([Frame("nobody"), Frame("hello")], within: patience) == .unreachable)
    }

    @Test func `A mandatory router knows that a queue is full`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.setMandatoryRouting(true)
        try router.setSendQueue(2)
        let dealer = try Socket(.dealer, in: context)
        try dealer.setReceiveQueue(2)
        try dealer.connect(to: try bound(router, Endpoint("inproc://full")))
        try send(["hello"], on: dealer)
        let identity = try parts(router)[0]
        var queued = 0
        while try router.send([identity, Frame("x")], within: .milliseconds(20)) == .sent && queued < 100 {
            queued += 1
        }
        #expect(queued == 4)
        #expect(try texts(dealer) == ["x"])
    }

    @Test(arguments: ["tcp", "ipc"]) func `An address in use is named`(_ transport: String) throws {
        let context = try Context()
        let first = try Socket(.router, in: context)
        let endpoint = try bound(first, transport == "tcp" ? .loopback : .uniqueLocal())
        let second = try Socket(.router, in: context)
        let failure = #expect(throws: Failure.self) { try second.bind(to: endpoint) }
        #expect(failure?.category == .workers)
        #expect(failure?.place == endpoint.description)
        #expect(failure?.cause == "Address already in use")
        #expect(failure?.remedy?.isEmpty == false)
    }

    @Test(arguments: ["tcp://203.0.113.7:5571", "tcp://no-such-interface:5571", "ipc:///nowhere/at/all"])
    func `An address that is not ours is refused`(_ text: String) throws {
        let context = try Context()
        let socket = try Socket(.router, in: context)
        let endpoint = try Endpoint(text)
        let failure = #expect(throws: Failure.self) { try socket.bind(to: endpoint) }
        #expect(failure?.category == .workers)
        #expect(failure?.place == text)
    }

    @Test func `A name in place of the loopback address can be bound`() throws {
        let context = try Context()
        let socket = try Socket(.router, in: context)
        #expect(try bound(socket, Endpoint("tcp://localhost:*")).isLocal)
    }

    @Test func `IPv6 needs no further setting`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        do {
            try router.bind(to: Endpoint("tcp://[::1]:*"))
        } catch let failure as Failure where failure.cause == "Cannot assign requested address" {
            // This machine has no IPv6.
            return
        }
        try dealer.connect(to: try router.lastEndpoint)
        try send(["hello"], on: dealer)
        #expect(try texts(router).last == "hello")
    }

    @Test func `An unbound socket has no endpoint`() throws {
        let context = try Context()
        let socket = try Socket(.router, in: context)
        #expect(throws: Failure.self) { try socket.lastEndpoint }
    }

    @Test func `Excess parts and bytes are reported with their sender, and the next message comes through`() throws {
        let context = try Context()
        var router = try Socket(.router, in: context)
        router.limits = MessageLimits(parts: 3, bytes: 50)
        let dealer = try Socket(.dealer, in: context)
        let identity = try #require(Identity(Array("w".utf8)))
        try dealer.setIdentity(identity)
        try dealer.connect(to: try bound(router))
        try send(["1", "2", "3"], on: dealer)
        try send([String(repeating: "x", count: 50)], on: dealer)
        try send(["1", "2"], on: dealer)
        for limit in [Violation.Limit.parts(3), .bytes(50)] {
            guard case .violation(let violation) = try #require(try router.receive(within: patience)) else {
                Issue.record("the message was let in")
                continue
            }
            #expect(violation == Violation(sender: identity, limit: limit))
        }
        #expect(try texts(router) == ["w", "1", "2"])
    }

    @Test func `A frame above the maximum costs its sender the connection, and nobody else`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.setMaximumFrame(bytes: 1000)
        let endpoint = try bound(router)
        let greedy = try Socket(.dealer, in: context)
        try greedy.connect(to: endpoint)
        _ = try greedy.send(
            [Frame(count: 1001) { $0.initializeMemory(as: UInt8.self, repeating: 0) }], within: patience)
        #expect(try router.receive(within: moment) == nil)
        let modest = try Socket(.dealer, in: context)
        try modest.connect(to: endpoint)
        try send([String(repeating: "y", count: 1000)], on: modest)
        #expect(try texts(router)[1].count == 1000)
    }

    @Test func `A context that is shut down wakes its sockets`() throws {
        let context = try Context()
        let socket = try Socket(.dealer, in: context)
        context.shutDown()
        #expect(throws: Failure.self) { try socket.receive(within: patience) }
        #expect(throws: Failure.self) { _ = try Socket(.dealer, in: context) }
    }

    @Test func `Unsent messages do not hold up the end`() throws {
        let context = try Context()
        let socket = try Socket(.dealer, in: context)
        try socket.connect(to: Endpoint("tcp://127.0.0.1:1"))
        try send(["never read"], on: socket)
    }

    @Test func `Every option is accepted, and a heartbeat that libzmq would overflow is not`() throws {
        let context = try Context()
        let socket = try Socket(.router, in: context)
        try socket.setLinger(.milliseconds(100))
        try socket.setHandover(true)
        try socket.setHeartbeat(every: .seconds(1), timeout: .seconds(5), peerTimeout: .seconds(60))
        try socket.setHandshakeTimeout(.seconds(5))
        try socket.setImmediate(true)
        try socket.setReconnect(every: .milliseconds(50), upTo: .seconds(1))
        try socket.setIPv6(true)
        #expect(throws: Failure.self) {
            try socket.setHeartbeat(every: .seconds(1), timeout: .seconds(5), peerTimeout: .seconds(61))
        }
        #expect(throws: Failure.self) { try socket.setSendQueue(-1) }
        #expect(throws: Failure.self) { try socket.setSendQueue(.max) }
    }
}
