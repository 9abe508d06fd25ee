import Diagnostics
import Glibc
import Messaging
import Testing
import Training

@testable import Exchange

/// Workers that lay on their desks what they should not, or when they should not.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SharedAnswerTests {
    /// Trains with a right worker that comes after a wrong one with a seat; the result must be right all the same.
    private func train(after wrong: @escaping @Sendable (SeatedPeer) throws -> Void) throws -> Trained {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let context = try Context()
        let memory = try SharedMemory()
        let tickets = try (0..<2).map { _ in try SeatTicket(memory) }
        let trained = try ExchangeTests.train(lesson, scratch: scratch, context: context, memory: memory) { local, _ in
            let problem = Result { try wrong(SeatedPeer(context, local, tickets[0])) }
            try work(
                WorkerLoop.Invitation(endpoint: local, secret: secret), context, cache: scratch.cache("worker"),
                seat: tickets[1])
            try problem.get()
        }
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
        #expect(trained.session.outcome.steps == 20)
        return trained
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What the refusal must contain.
        let told: String
        let commit: @Sendable (SeatedPeer, (sequence: UInt32, work: Work)) -> Void

        init(
            _ description: String, _ told: String,
            _ commit: @escaping @Sendable (SeatedPeer, (sequence: UInt32, work: Work)) -> Void
        ) {
            testDescription = description
            self.told = told
            self.commit = commit
        }

        static let all = [
            Fault("another sequence", "another number") { $0.answer($1, sequence: 77) },
            Fault("an answer too many", "not asked so often") { $0.answer($1, publishedAs: $1.sequence + 1) },
            Fault("answers in advance", "not asked so often") { $0.answer($1, publishedAs: .max) },
            Fault("another epoch", "what the worker was asked") { $0.answer($1, epoch: 9) },
            Fault("another round", "what the worker was asked") { $0.answer($1, round: $1.work.round + 1) },
            Fault("the last round there can be", "what the worker was asked") { $0.answer($1, round: .max) },
            Fault("other shards", "what the worker was asked") { $0.answer($1, firstShard: 1) },
            Fault("shards out of range", "what the worker was asked") { $0.answer($1, firstShard: .max) },
            Fault("no shards", "what the worker was asked") { $0.answer($1, shardCount: 0) },
            Fault("too many shards", "what the worker was asked") { $0.answer($1, shardCount: .max) },
            Fault("no terms", "does not fit") { $0.answer($1, terms: 0) },
            Fault("terms below zero", "impossible counts") { $0.answer($1, terms: -1) },
            Fault("terms that overflow", "impossible counts") { $0.answer($1, terms: .max) },
            Fault("more right than there are", "impossible counts") { $0.answer($1, correct: 5) },
            Fault("right ones below zero", "impossible counts") { $0.answer($1, correct: .min) },
            Fault("a mistake out of range", "impossible counts") { $0.answer($1, mistake: .max) },
            Fault("a mistake below none", "impossible counts") { $0.answer($1, mistake: -2) },
            Fault("a time that is no number", "impossible counts") { $0.answer($1, seconds: .nan) },
            Fault("a time below zero", "impossible counts") { $0.answer($1, seconds: -1) },
            Fault("no gradient", "does not fit") { $0.answer($1, hasGradient: false) },
        ]
    }

    @Test(arguments: Fault.all) func `An impossible answer costs its worker the place`(_ fault: Fault) throws {
        let trained = try train { peer in
            try peer.join(parameters: 3)
            fault.commit(peer, try peer.command())
            let refusal = try peer.peer.refusal()
            guard refusal.contains(fault.told) else {
                throw Peer.Unexpected(what: "\(refusal) does not say \(fault.told)")
            }
        }
        #expect(trained.joined == 2)
        #expect(trained.lossReasons.count == 1)
    }

    @Test func `A desk full of anything leaves the pool working`() throws {
        let trained = try train { peer in
            try peer.join(parameters: 3)
            _ = try peer.command()
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<2000 {
                for offset in stride(from: 0, to: DeskLayout.controlByteCount, by: 8) {
                    peer.seat.deskControl.start.storeBytes(
                        of: generator.next(), toByteOffset: offset, as: UInt64.self)
                }
            }
            _ = try peer.peer.refusal()
        }
        #expect(trained.joined == 2)
    }

    /// Whoever has lost his place may go on writing: it is nobody's business.
    @Test func `A worker that wakes up late spoils nothing`() throws {
        let trained = try train { peer in
            try peer.join(parameters: 3)
            let old = try peer.command()
            try peer.join(parameters: 3)
            let new = try peer.command()
            // The answer to what was asked before the place was lost, and then numbers nobody may use.
            peer.answer(old, gradient: .nan)
            try peer.peer.send(kind: MessageKind.goodbye.rawValue)
            for _ in 0..<100 { peer.answer(new, gradient: .nan) }
        }
        #expect(trained.joined == 3)
        #expect(trained.lossReasons == ["it joined anew", "it left"])
        #expect(trained.session.outcome.skippedSteps == 0)
    }

    @Test func `A late answer is counted as stale`() throws {
        let trained = try train { peer in
            try peer.join(parameters: 3)
            let old = try peer.command()
            try peer.join(parameters: 3)
            _ = try peer.command()
            peer.answer(old, gradient: 1)
            usleep(200_000)
            try peer.peer.send(kind: MessageKind.goodbye.rawValue)
        }
        #expect(trained.session.outcome.staleAnswers == 1)
    }
}
