import Datasets
import Diagnostics
import Messaging
import Testing
import Training

@testable import Exchange

/// Peers that break the protocol are told why, and nobody else notices.
@Suite(.timeLimit(.minutes(5)), .serialized) struct HostilePeerTests {
    /// Trains with a right worker that comes after a wrong one, and checks what the lesson came to.
    private func train(after wrong: @escaping @Sendable (Peer) throws -> Void) throws -> Trained {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let context = try Context()
        let trained = try ExchangeTests.train(lesson, scratch: scratch, context: context) { local, _ in
            // The right worker works in any case, so that the run ends and the problem comes to light.
            let problem = Result { try wrong(Peer(context, local)) }
            try work(WorkerLoop.Invitation(endpoint: local, secret: secret), context, cache: scratch.cache("worker"))
            try problem.get()
        }
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
        #expect(trained.session.outcome.steps == 20)
        return trained
    }

    @Test(arguments: Offence.byStrangers) func `A stranger is turned away with one line`(_ offence: Offence) throws {
        let trained = try train {
            try offence.commit($0)
            try expect($0.refusal(), toSay: offence.told)
        }
        #expect(trained.joined == 1)
        #expect(trained.session.outcome.workersLost == 0)
    }

    @Test(arguments: Offence.byMembers) func `A member is dropped with one line`(_ offence: Offence) throws {
        let trained = try train {
            try offence.commit($0)
            try expect($0.refusal(), toSay: offence.told)
        }
        #expect(trained.joined == 2)
        try #require(trained.lossReasons.count == 1)
        try expect(trained.lossReasons[0], toSay: offence.told)
    }

    /// Answers that belong elsewhere change nothing, and their sender stays.
    @Test(arguments: ["round", "shards", "epoch"]) func `A stale answer is dropped`(_ what: String) throws {
        let trained = try train { peer in
            let work = try peer.joinAndTakeWork(parameters: 3)
            switch what {
            case "round": try peer.answer(work, round: work.header.step + 1000)
            case "shards": try peer.answer(work, shards: (77, 1))
            default: try peer.answer(work, epoch: 9)
            }
            try peer.send(kind: MessageKind.goodbye.rawValue)
        }
        #expect(trained.session.outcome.staleAnswers == (what == "epoch" ? 0 : 1))
        #expect(trained.lossReasons == ["it left"])
        #expect(trained.session.outcome.shardsReissued > 0)
    }

    @Test func `Who says hello twice joins anew`() throws {
        let trained = try train { peer in
            _ = try peer.joinAndTakeWork(parameters: 3)
            _ = try peer.joinAndTakeWork(parameters: 3)
            try peer.send(kind: MessageKind.goodbye.rawValue)
        }
        #expect(trained.joined == 3)
        #expect(trained.lossReasons == ["it joined anew", "it left"])
    }

    /// A worker that cannot go on, as with a full disk, does not end the run of the others.
    @Test func `The last worker's failure ends the run, with its category`() throws {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let context = try Context()
        let failure = #expect(throws: Failure.self) {
            _ = try ExchangeTests.train(lesson, scratch: scratch, context: context) { local, _ in
                let first = try Peer(context, local)
                let second = try Peer(context, local)
                try first.join()
                try second.join()
                for (peer, line) in [(first, "disk of the first full"), (second, "disk of the\nsecond full")] {
                    try peer.send(kind: 5, body: Complaint(category: 3, line: line).encoded())
                }
            }
        }
        #expect(failure?.category == .data)
        #expect(failure?.description.contains("disk of the second full") == true)
    }

    @Test func `Random messages leave the pool working`() throws {
        let trained = try train { peer in
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<300 {
                let frames = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                    (0..<[0, 3, 64, 200].randomElement(using: &generator).unsafelyUnwrapped).map { _ in
                        UInt8.random(in: 0...255, using: &generator)
                    }
                }
                try peer.send(raw: frames)
            }
            _ = try peer.refusal()
        }
        #expect(trained.joined == 1)
    }
}

/// Throws unless a text is one line that contains all of some texts; the tests' own threads see what is thrown.
private func expect(_ line: String, toSay texts: [String]) throws {
    guard !line.contains(where: { $0.isNewline }), texts.allSatisfy({ line.contains($0) }) else {
        throw Peer.Unexpected(what: "\(line) does not say \(texts)")
    }
}
