import Diagnostics
import Messaging
import Testing

@testable import Exchange

/// A worker's heartbeat, heard and answered through a socket that poses as the coordinator.
@Suite struct HeartbeatTests {
    /// The coordinator's end of a heartbeat.
    private final class Ear {
        let socket: Socket
        let endpoint: Endpoint
        private let context: Context
        private var speaker: Frame?

        init() throws {
            let context = try Context()
            let socket = try Socket(.router, in: context)
            let endpoint = Endpoint.uniqueLocal()
            try socket.bind(to: endpoint)
            self.context = context
            self.socket = socket
            self.endpoint = endpoint
        }

        func dealer() throws -> sending Socket {
            let socket = try Socket(.dealer, in: context)
            try socket.connect(to: endpoint)
            return socket
        }

        /// The ticket of the next heartbeat; nil if none comes.
        func ticket(within duration: Duration) throws -> HeartbeatTicket? {
            guard case .message(let frames) = try socket.receive(within: duration) else { return nil }
            speaker = frames[0]
            let message = try Envelope(Array(frames.dropFirst()))
            #expect(message.kind == .heartbeat)
            return try HeartbeatTicket(message.body)
        }

        func answer(_ kind: MessageKind, of member: UInt64) throws {
            let speaker = try #require(speaker)
            #expect(try socket.send([speaker] + Envelope.frames(kind, step: member), within: .seconds(10)) == .sent)
        }
    }

    /// Waits until a condition holds; false at the deadline.
    private func holds(_ condition: () -> Bool) throws -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        var poller = Poller()
        while ContinuousClock.now < end {
            if condition() { return true }
            _ = try poller.wait(within: .milliseconds(5))
        }
        return condition()
    }

    @Test func itBeatsWithItsTicketOnly() throws {
        let ear = try Ear()
        let heartbeat = try Heartbeat(ear.dealer(), every: .milliseconds(20))
        defer { heartbeat.stop() }
        #expect(try ear.ticket(within: .milliseconds(100)) == nil)
        let ticket = HeartbeatTicket(member: 3, secret: .max)
        heartbeat.use(ticket)
        for _ in 0..<3 { #expect(try ear.ticket(within: .seconds(20)) == ticket) }
        let next = HeartbeatTicket(member: 4, secret: 1)
        heartbeat.use(next)
        var last = try ear.ticket(within: .seconds(20))
        // Some of the earlier ones may be on their way.
        while last == ticket { last = try ear.ticket(within: .seconds(20)) }
        #expect(last == next)
    }

    @Test func aTicketThatIsNotKnownAnyMoreIsRejected() throws {
        let ear = try Ear()
        let heartbeat = try Heartbeat(ear.dealer(), every: .milliseconds(20))
        defer { heartbeat.stop() }
        heartbeat.use(HeartbeatTicket(member: 3, secret: 9))
        _ = try ear.ticket(within: .seconds(20))
        // Neither an earlier member's rejection nor any other message means this ticket.
        try ear.answer(.rejoin, of: 2)
        try ear.answer(.ping, of: 3)
        for _ in 0..<3 { _ = try ear.ticket(within: .seconds(20)) }
        #expect(!heartbeat.isRejected)
        try ear.answer(.rejoin, of: 3)
        #expect(try holds { heartbeat.isRejected })
        heartbeat.use(HeartbeatTicket(member: 4, secret: 9))
        #expect(!heartbeat.isRejected)
    }

    @Test func aTicketOfTheWrongLengthIsMalformed() throws {
        let bytes = HeartbeatTicket(member: 3, secret: 9).encoded()
        for count in [0, 8, 15] {
            #expect(throws: Failure.self) { try HeartbeatTicket(Frame(copying: Array(bytes.prefix(count)))) }
        }
        #expect(throws: Failure.self) { try HeartbeatTicket(Frame(copying: bytes + [0])) }
    }
}
