import Diagnostics
import Glibc
import Tensors
import Testing
import Training

@testable import Exchange
@testable import Messaging

/// A hand-made worker with a seat at the pool's memory, that lays there what a test wants; belongs to one thread.
final class SeatedPeer {
    let peer: Peer
    let seat: WorkerSeat

    init(_ context: Context, _ endpoint: Endpoint, _ ticket: SeatTicket) throws {
        peer = try Peer(context, endpoint)
        seat = try ticket.take()
    }

    /// Joins, and gets ready for a model with so many parameters.
    func join(parameters: Int) throws {
        try peer.join(pid: getpid(), seat: seat.number)
        seat.skipCommands()
        try seat.prepare(parameterCount: parameters)
        try peer.send(kind: MessageKind.ready.rawValue, step: UInt64(parameters))
    }

    /// The next command.
    func command() throws -> (sequence: UInt32, work: Work) {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if let (sequence, _, work) = try seat.nextCommand() { return (sequence, work) }
            _ = seat.wait(within: .milliseconds(50))
        }
        throw Peer.Unexpected(what: "no command comes")
    }

    /// Answers a command, rightly in form but for what is given otherwise.
    func answer(
        _ command: (sequence: UInt32, work: Work), sequence: UInt32? = nil, epoch: UInt32? = nil,
        round: UInt64? = nil, firstShard: UInt32? = nil, shardCount: UInt32? = nil, loss: Double = 1, terms: Int64 = 4,
        correct: Int64 = 0, mistake: Int64 = -1, seconds: Double = 0.001, hasGradient: Bool = true,
        publishedAs: UInt32? = nil, gradient: Float = 0, time: Int64 = 0
    ) {
        if let own = seat.gradient { own.pointer.update(repeating: gradient, count: own.count) }
        seat.publish(
            SharedAnswer(
                sequence: sequence ?? command.sequence, epoch: epoch ?? peer.epoch,
                round: round ?? command.work.round,
                firstShard: firstShard ?? UInt32(command.work.shards.lowerBound),
                shardCount: shardCount ?? UInt32(command.work.shards.count),
                body: ResultBody(
                    loss: loss, terms: terms, correct: correct, mistake: mistake, computeSeconds: seconds),
                hasGradient: hasGradient, allocations: -1, time: time), as: publishedAs ?? command.sequence)
    }
}
