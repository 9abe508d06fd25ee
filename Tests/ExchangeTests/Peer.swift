import Diagnostics
import Testing

@testable import Exchange
@testable import Messaging

/// A hand-made worker that says what a test wants; belongs to one thread.
final class Peer {
    private let socket: Socket
    private(set) var epoch: UInt32 = 0

    init(_ context: Context, _ endpoint: Endpoint, token: TokenFile? = nil) throws {
        let socket = try Socket(.dealer, in: context)
        try socket.setLinger(.seconds(1))
        if let token { try socket.secureAsClient(with: token.client, to: token.server) }
        try socket.connect(to: endpoint)
        self.socket = socket
    }

    /// Sends frames as they are.
    func send(raw frames: [[UInt8]]) throws {
        let outcome = try socket.send(try frames.map { try Frame(copying: $0) }, within: patience)
        guard outcome == .sent else { throw Unexpected(what: "the pool takes no message") }
    }

    /// Sends a well-formed message, but for what is given otherwise.
    func send(
        kind: UInt16, version: UInt16 = WireHeader.protocolVersion, step: UInt64 = 0, epoch: UInt32? = nil,
        shards: (start: UInt32, count: UInt32) = (0, 0), payloadLength: Int? = nil, body: [UInt8]? = nil,
        numbers: [UInt8]? = nil
    ) throws {
        let header = WireHeader(
            kind: kind, step: step, epoch: epoch ?? self.epoch, shardStart: shards.start, shardCount: shards.count,
            payloadLength: UInt64(payloadLength ?? ((body?.count ?? 0) + (numbers?.count ?? 0))))
        var bytes = [UInt8](repeating: 0, count: WireHeader.size)
        bytes.withUnsafeMutableBytes { header.encode(into: $0, version: version) }
        try send(raw: [bytes] + [body, numbers].compactMap { $0 })
    }

    /// The next message that is no ping.
    func receive() throws -> Envelope {
        while true {
            guard case .message(let frames)? = try socket.receive(within: patience) else {
                throw Unexpected(what: "the pool says nothing")
            }
            let message = try Envelope(frames)
            if message.kind != .ping { return message }
        }
    }

    /// The next message, which must be of a kind.
    func expect(_ kind: MessageKind) throws -> Envelope {
        let message = try receive()
        guard message.kind == kind else { throw Unexpected(what: "\(message.kind) came instead of \(kind)") }
        return message
    }

    /// Why the pool turns this peer away.
    func refusal() throws -> String { try Complaint(expect(.refused).body).line }

    /// Says hello, rightly but for what is given otherwise.
    func hello(
        version build: String = version, architecture: String = Machine.architecture, secret: [UInt8] = secretBytes,
        protocolVersion: UInt16 = WireHeader.protocolVersion, pid: Int32 = 1, seat: Int? = nil
    ) throws {
        try send(
            kind: MessageKind.hello.rawValue, version: protocolVersion,
            body: Peer.greeting(build, architecture, secret, pid: pid, seat: seat.map(UInt16.init)))
    }

    /// The body of a hello.
    static func greeting(
        _ build: String, _ architecture: String, _ secret: [UInt8], pid: Int32 = 1, seat: UInt16? = nil
    ) -> [UInt8] {
        Hello(
            version: build, architecture: architecture, host: "elsewhere", pid: pid, cores: 1, secret: secret,
            seat: seat
        ).encoded()
    }

    /// Joins, up to the question it is to prepare for.
    func join(pid: Int32 = 1, seat: Int? = nil) throws {
        try hello(pid: pid, seat: seat)
        _ = try expect(.welcome)
        epoch = try expect(.prepare).header.epoch
    }

    /// Joins, and takes the first piece of work of a model with so many parameters.
    func joinAndTakeWork(parameters: Int) throws -> Envelope {
        try join()
        try send(kind: MessageKind.ready.rawValue, step: UInt64(parameters))
        return try expect(.work)
    }

    /// Answers a piece of work, rightly in form but for what is given otherwise.
    func answer(
        _ work: Envelope, round: UInt64? = nil, epoch: UInt32? = nil, shards: (start: UInt32, count: UInt32)? = nil,
        loss: Double = 1, terms: Int64 = 4, correct: Int64 = 0, mistake: Int64 = -1, seconds: Double = 0.001,
        numbers: Int? = 3
    ) throws {
        var body = ByteWriter()
        body.write(loss)
        body.write(terms)
        body.write(correct)
        body.write(mistake)
        body.write(seconds)
        try send(
            kind: MessageKind.result.rawValue, step: round ?? work.header.step, epoch: epoch,
            shards: shards ?? (work.header.shardStart, work.header.shardCount), body: body.bytes,
            numbers: numbers.map { [UInt8](repeating: 0, count: 4 * $0) })
    }

    /// Something else happened than a test expects.
    struct Unexpected: Error {
        let what: String
    }
}
