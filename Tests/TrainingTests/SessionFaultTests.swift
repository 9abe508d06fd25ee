import Datasets
import Diagnostics
import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// Lost workers, late and doubled answers: the result stays the same bits, and nothing is counted twice.
@Suite struct SessionFaultTests {
    /// A session with workers whose answers are computed at once but may be delivered in any order, twice, or never.
    private final class Network {
        let session: Session
        private let runner: ShardRunner
        private(set) var underWay: [(worker: WorkerID, work: Work)] = []
        private(set) var isFinished = false
        private var key: RandomKey
        private var draws: UInt64 = 0

        init(seed: UInt64) throws {
            let (question, data) = try Toy.make(["shards=8"])
            session = try Session(question, data: data, seed: 1)
            runner = try ShardRunner(question, data: data, seed: 1)
            key = RandomKey(seed: seed)
        }

        func random(below bound: Int) -> Int {
            draws += 1
            return key.integer(below: bound, at: draws)
        }

        func handle(_ event: SessionEvent) throws {
            for action in try session.handle(event) {
                switch action {
                case .assign(let worker, let work): underWay.append((worker, work))
                case .evict, .observe: break
                case .finish: isFinished = true
                }
            }
        }

        func answer(_ work: Work) throws -> WorkResult {
            let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
            return try runner.run(work, parameters: session.parameters.values.pointer, gradient: gradient)
        }

        /// Delivers a random answer that is under way.
        func deliver(twice: Bool) throws {
            let (worker, work) = underWay.remove(at: random(below: underWay.count))
            // The answers are computed with the parameters of the generation they were asked for, or not at all: the
            // session must not use what belongs to another round.
            guard work.generation == session.generation else { return }
            let results = try (0..<(twice ? 2 : 1)).map { _ in try answer(work) }
            for result in results { try handle(.answered(worker, result)) }
        }

        func lose(_ worker: WorkerID) throws {
            underWay.removeAll { $0.worker == worker }
            try handle(.workerLost(worker))
        }
    }

    private static let undisturbed: String = {
        guard let network = try? Network(seed: 0), (try? network.handle(.workerReady(WorkerID(1)))) != nil else {
            return ""
        }
        while !network.isFinished { try? network.deliver(twice: false) }
        return network.session.parameters.values.sha256
    }()

    @Test(arguments: 0..<100) func lossesAndDoubledAnswersDoNotChangeTheResult(seed: UInt64) throws {
        let network = try Network(seed: seed)
        var alive: [WorkerID] = []
        var next = 1
        var lost = 0
        var steps = 0
        while !network.isFinished {
            steps += 1
            try #require(steps < 100_000, "the session hangs")
            let dice = network.random(below: 10)
            if alive.isEmpty || (dice == 0 && alive.count < 6) {
                alive.append(WorkerID(next))
                next += 1
                try network.handle(.workerReady(alive[alive.count - 1]))
            } else if dice == 1, lost < 50 {
                lost += 1
                try network.lose(alive.remove(at: network.random(below: alive.count)))
            } else if !network.underWay.isEmpty {
                try network.deliver(twice: dice == 2)
            }
        }
        #expect(network.session.parameters.values.sha256 == Self.undisturbed)
        #expect(network.session.outcome.examples == 3 * 37)
        #expect(network.session.outcome.workersLost == lost)
    }

    @Test func theShardsOfALostWorkerGoToAnother() throws {
        let network = try Network(seed: 0)
        try network.handle(.workerReady(WorkerID(1)))
        let work = try #require(network.underWay.first).work
        #expect(work.shards == 0..<8)
        try network.handle(.workerReady(WorkerID(2)))
        #expect(network.underWay.count == 1)
        try network.lose(WorkerID(1))
        #expect(network.underWay.map(\.work) == [work])
        #expect(network.underWay.map(\.worker) == [WorkerID(2)])
        #expect(network.session.outcome.shardsReissued == 8)
    }

    @Test func aDoubledAnswerIsCountedAsStale() throws {
        let network = try Network(seed: 0)
        try network.handle(.workerReady(WorkerID(1)))
        try network.deliver(twice: true)
        #expect(network.session.outcome.staleAnswers == 1)
        #expect(network.session.generation == 1)
    }

    @Test func anAnswerThatDoesNotFitItsWorkIsRefused() throws {
        let network = try Network(seed: 0)
        try network.handle(.workerReady(WorkerID(1)))
        let work = network.underWay[0].work
        let answers = [
            WorkResult(round: work.round, shards: work.shards, partial: Partial(loss: 1, terms: 8, correct: 3)),
            WorkResult(
                round: work.round, shards: work.shards,
                partial: Partial(loss: 1, terms: 8, correct: 3, gradient: Storage(count: 2))),
            WorkResult(
                round: work.round, shards: work.shards,
                partial: Partial(
                    loss: 1, terms: 8, correct: 9, gradient: Storage(count: network.session.parameters.count))),
        ]
        for answer in answers {
            let failure = #expect(throws: Failure.self) {
                _ = try network.session.handle(.answered(WorkerID(1), answer))
            }
            #expect(failure?.category == .workers)
        }
        #expect(network.session.generation == 0)
    }
}
