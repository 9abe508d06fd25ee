import Datasets
import Diagnostics
import Testing
import Training

@testable import Exchange
@testable import Messaging

/// Real workers against real pools and hand-made coordinators.
@Suite(.timeLimit(.minutes(5)), .serialized) struct WorkerLoopTests {
    @Test(arguments: [1, 2, 3]) func `Workers train a question to its end`(_ workers: Int) throws {
        let lesson = try Lesson("linear", "{ batchSize: 4, epochs: 300, optimizer: 'sgd', learningRate: 0.1 }")
        let scratch = try Scratch()
        let context = try Context()
        let trained = try train(lesson, scratch: scratch, context: context) { local, _ in
            let invitation = WorkerLoop.Invitation(endpoint: local, secret: secret)
            let threads = (0..<workers).map { number in
                Background { try work(invitation, context, cache: scratch.cache("worker \(number)")) }
            }
            for thread in threads { if let error = try thread.finish() { throw error } }
        }
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
        #expect(trained.session.outcome.scores[.test].map { $0 < 0.001 } == true)
        #expect(trained.lossReasons.isEmpty)
    }

    /// The set has several megabytes, so it travels in several pieces.
    @Test func `The data set travels to an empty cache`() throws {
        let lesson = try Lesson("q3", "{ hidden: [8], batchSize: 512, epochs: 1, learningRate: 0.01 }")
        let scratch = try Scratch()
        let context = try Context()
        let cache = try scratch.cache("worker")
        let hash = lesson.data.contentHash()
        #expect(lesson.data.serialByteCount > 2 * DataFile.pieceSize)
        #expect(cache.load(hash) == nil)
        let trained = try train(lesson, scratch: scratch, context: context) { local, _ in
            try work(WorkerLoop.Invitation(endpoint: local, secret: secret), context, cache: cache)
        }
        #expect(cache.load(hash)?.contentHash() == hash)
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
    }

    @Test func `A coordinator that is not there is given up`() throws {
        let failure = try failure { _ in }
        #expect(failure.what == "cannot reach the coordinator")
        #expect(failure.category == .workers)
    }

    @Test func `A coordinator that falls silent is given up`() throws {
        let failure = try failure { try $0(welcome()) }
        #expect(failure.what == "lost the coordinator")
        #expect(failure.category == .workers)
    }

    @Test func `The line of a refusal is shown`() throws {
        let complaint = Complaint(category: 4, line: "no room\u{1B}[2J\nfor you")
        let failure = try failure { try $0(Envelope.frames(.refused, body: Frame(copying: complaint.encoded()))) }
        #expect(failure.description.contains("no room [2J for you"))
    }

    @Test func `A coordinator of another protocol version is named beside this one`() throws {
        let failure = try failure { say in
            try say([Frame(count: WireHeader.size) { WireHeader(kind: 16).encode(into: $0, version: 8) }])
        }
        #expect(failure.description.contains("version 8") && failure.description.contains("version 1"))
    }

    @Test func `A coordinator may not speak as workers do`() throws {
        let failure = try failure { say in
            try say(welcome())
            try say(Envelope.frames(.hello))
        }
        #expect(failure.description.contains("does not say hello"))
    }

    /// Work on examples that do not exist, or of a kind the question does not know, is refused, not computed.
    @Test(arguments: [[0, 4], [-1], [Int32.max]], [Work.Kind.gradient, .search])
    func `Work that does not fit is refused`(_ examples: [Int32], _ kind: Work.Kind) throws {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let cache = try scratch.cache("worker")
        try cache.store(lesson.data)
        let prepare = Prepare(
            question: "linear", configuration: lesson.configuration.canonicalJSON(), seed: 1,
            dataHash: lesson.data.contentHash(), dataSize: UInt64(lesson.data.serialByteCount))
        let work = Work(
            kind: kind, round: 1, generation: 0, step: 0, split: .training, shards: 0..<1,
            bounds: [0, Int32(examples.count)], examples: kind == .search ? examples.map { _ in 0 }[...] : examples[...]
        )
        let failure = try failure(cache) { say in
            try say(welcome())
            try say(Envelope.frames(.prepare, epoch: 1, body: Frame(copying: prepare.encoded())))
            try say(
                Envelope.frames(
                    .work, epoch: 1, step: 1, shards: work.shards, body: Frame(copying: work.encodedBody()),
                    numbers: Frame(copying: [UInt8](repeating: 0, count: 12))))
        }
        #expect(failure.description.contains("does not fit linear"))
    }

    /// What a coordinator says to a worker it admits.
    private func welcome() throws -> [Frame] {
        try Envelope.frames(.welcome, body: Frame(copying: HeartbeatTicket(member: 1, secret: 2).encoded()))
    }

    /// What a worker ends with when a coordinator answers its hello so, and then is silent.
    private func failure(
        _ cache: DataSetCache? = nil, _ answer: @escaping @Sendable (_ say: ([Frame]) throws -> Void) throws -> Void
    ) throws -> Failure {
        let scratch = try Scratch()
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.bind(to: Endpoint.uniqueLocal())
        let endpoint = try router.lastEndpoint
        let cache = try cache ?? scratch.cache("worker")
        let worker = Background {
            try WorkerLoop(
                WorkerLoop.Invitation(endpoint: endpoint, secret: secret), context: context, cache: cache,
                version: version, patience: .milliseconds(500)
            ).run()
        }
        guard case .message(let frames)? = try router.receive(within: patience) else {
            throw Peer.Unexpected(what: "the worker says nothing")
        }
        try answer { message in _ = try router.send([frames[0]] + message, within: patience) }
        return try #require(try worker.finish() as? Failure)
    }
}
