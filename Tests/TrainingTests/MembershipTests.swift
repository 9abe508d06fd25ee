import Diagnostics
import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// Leases, second copies and the least number of workers, decided at given times.
@Suite struct MembershipTests {
    /// A session whose events come at times that a test says.
    private final class Desk {
        let session: Session
        private let runner: ShardRunner
        private(set) var underWay: [(worker: Int, work: Work)] = []
        private(set) var evicted: [Int] = []

        init(_ rules: Membership = Membership()) throws {
            let (question, data) = try Toy.make(["shards=4"])
            session = try Session(question, data: data, seed: 1, membership: rules)
            runner = try ShardRunner(question, data: data, seed: 1)
        }

        func handle(_ event: SessionEvent, at milliseconds: Int) throws {
            for action in try session.handle(event, at: .milliseconds(milliseconds)) {
                switch action {
                case .assign(let worker, let work): underWay.append((worker.number, work))
                case .evict(let worker, _): evicted.append(worker.number)
                case .observe, .finish: break
                }
            }
        }

        func join(_ workers: ClosedRange<Int>, at milliseconds: Int = 0) throws {
            for worker in workers { try handle(.workerReady(WorkerID(worker)), at: milliseconds) }
        }

        func answer(_ worker: Int, besides lost: Work? = nil, at milliseconds: Int) throws {
            let index = try #require(underWay.firstIndex { $0.worker == worker && $0.work != lost })
            let work = underWay.remove(at: index).work
            let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
            let result = try runner.run(work, parameters: session.parameters.values.pointer, gradient: gradient)
            try handle(.answered(WorkerID(worker), result), at: milliseconds)
        }

        /// Lets time pass as it does for the pool, with a look every 100 ms; some workers are heard of.
        func pass(from: Int, to end: Int, hearing workers: [Int] = []) throws {
            for time in stride(from: from, through: end, by: 100) {
                for worker in workers { try handle(.heard(WorkerID(worker)), at: time) }
                try handle(.tick, at: time)
            }
        }
    }

    private let short = Membership(lease: .seconds(1))

    @Test func theWorkOfASilentWorkerGoesToAnotherAtOnce() throws {
        let desk = try Desk(short)
        try desk.join(1...2)
        let work = try #require(desk.underWay.first).work
        try desk.pass(from: 0, to: 900, hearing: [2])
        #expect(desk.evicted.isEmpty)
        try desk.pass(from: 1000, to: 1000, hearing: [2])
        #expect(desk.evicted == [1])
        #expect(desk.underWay.map(\.worker) == [1, 2])
        #expect(desk.underWay.map(\.work) == [work, work])
        #expect(desk.session.outcome.shardsReissued == 4)
        #expect(desk.session.outcome.workersLost == 1)
    }

    @Test func aHeartbeatRenewsTheLease() throws {
        let desk = try Desk(short)
        try desk.join(1...2)
        try desk.pass(from: 0, to: 5000, hearing: [1, 2])
        #expect(desk.evicted.isEmpty)
        #expect(desk.session.workerCount == 2)
    }

    @Test func anAnswerOfAnEvictedWorkerIsStale() throws {
        let desk = try Desk(short)
        try desk.join(1...2)
        try desk.pass(from: 0, to: 1000, hearing: [2])
        try desk.answer(1, at: 1050)
        #expect(desk.session.outcome.staleAnswers == 1)
        #expect(desk.session.generation == 0)
        try desk.answer(2, at: 1060)
        #expect(desk.session.generation == 1)
        try desk.handle(.strayAnswer, at: 1070)
        #expect(desk.session.outcome.staleAnswers == 2)
    }

    @Test func aWorkerThatComesBackUnderANewNameIsGivenWork() throws {
        let desk = try Desk(short)
        try desk.join(1...1)
        try desk.pass(from: 0, to: 1000)
        #expect(desk.session.workerCount == 0)
        try desk.join(2...2, at: 1100)
        #expect(desk.underWay.map(\.worker) == [1, 2])
    }

    /// Whoever did not look at the clock did not listen either.
    @Test func aJumpOfTheClockIsNoSilence() throws {
        let desk = try Desk(short)
        try desk.join(1...2)
        try desk.handle(.tick, at: 3_600_000)
        try desk.handle(.heard(WorkerID(1)), at: 3_600_000)
        try desk.handle(.heard(WorkerID(2)), at: 3_600_000)
        try desk.handle(.tick, at: 1_000)
        #expect(desk.evicted.isEmpty)
    }

    @Test func aWorkerThatIsHeardOfButNeverAnswersIsPutOut() throws {
        let desk = try Desk(short)
        try desk.join(1...2)
        try desk.pass(from: 0, to: 5900, hearing: [1, 2])
        #expect(desk.evicted.isEmpty)
        try desk.pass(from: 6000, to: 6000, hearing: [1, 2])
        #expect(desk.evicted == [1])
        #expect(desk.underWay.map(\.worker) == [1, 2])
    }

    // MARK: Second copies

    /// A desk at which two workers have made some steps together, each piece in 10 ms; both hold one at time 30.
    private func practised() throws -> Desk {
        let desk = try Desk(short)
        try desk.join(1...2)
        try desk.answer(1, at: 10)
        for step in 2...3 {
            try desk.answer(1, at: 10 * step)
            try desk.answer(2, at: 10 * step)
        }
        #expect(Set(desk.underWay.map(\.worker)) == [1, 2])
        return desk
    }

    @Test func aSlowPieceIsGivenToAnIdleWorkerToo() throws {
        let desk = try Desk(short)
        try desk.join(1...2)
        try desk.answer(1, at: 10)
        #expect(desk.underWay.map(\.worker) == [1, 2])
        try desk.answer(1, at: 20)
        let slow = try #require(desk.underWay.first).work
        #expect(desk.session.timeToSecondCopy == .milliseconds(40))
        try desk.handle(.tick, at: 59)
        #expect(desk.underWay.count == 1)
        try desk.handle(.tick, at: 60)
        #expect(desk.underWay.map(\.worker) == [2, 1])
        #expect(desk.underWay.last?.work == slow)
        // The second copy is the answer; the first one is stale, and its worker busy until it comes.
        try desk.answer(1, at: 70)
        #expect(desk.session.generation == 2)
        #expect(desk.underWay.map(\.worker) == [2, 1])
        #expect(desk.underWay.last?.work.shards == 0..<4)
    }

    @Test func noPieceHasMoreThanTwoHolders() throws {
        let desk = try Desk(short)
        try desk.join(1...3)
        try desk.answer(1, at: 10)
        // Three workers, pieces of which one is slow.
        try desk.answer(1, at: 20)
        try desk.answer(2, at: 20)
        try desk.pass(from: 100, to: 900, hearing: [1, 2, 3])
        let copies = Dictionary(grouping: desk.underWay, by: \.work.shards).mapValues(\.count)
        #expect(copies.values.allSatisfy { $0 <= 2 })
        #expect(copies.values.contains(2))
    }

    /// The messages to both may be lost: a lease later a third has a try, long before anybody is put out.
    @Test func aPieceThatTwoDoNotAnswerGoesToAThird() throws {
        let desk = try Desk(short)
        try desk.join(1...3)
        try desk.answer(1, at: 10)
        try desk.answer(1, at: 20)
        try desk.answer(2, at: 20)
        let held = try #require(desk.underWay.first).work
        try desk.pass(from: 100, to: 2000, hearing: [1, 2, 3])
        #expect(desk.evicted.isEmpty)
        let holders = desk.underWay.filter { $0.work.shards == held.shards && $0.work.round == held.round }
        #expect(holders.count == 3)
        #expect(Set(holders.map(\.worker)).count == 3)
    }

    @Test func nobodyIdleMeansNoCopies() throws {
        let desk = try practised()
        #expect(desk.session.timeToSecondCopy == .milliseconds(200))
        try desk.pass(from: 100, to: 200, hearing: [1, 2])
        #expect(desk.underWay.count == 2)
    }

    // MARK: Lost messages

    @Test func anOverduePieceOfTheOnlyWorkerGoesToItOnceMore() throws {
        let desk = try Desk(short)
        try desk.join(1...1)
        try desk.answer(1, at: 10)
        let held = try #require(desk.underWay.first).work
        try desk.pass(from: 100, to: 200, hearing: [1])
        #expect(desk.underWay.count == 1)
        try desk.pass(from: 300, to: 5000, hearing: [1])
        #expect(desk.evicted.isEmpty)
        #expect(desk.underWay.map(\.work) == [held, held])
        // One answer is enough; the other is stale, and keeps nobody busy.
        let generation = desk.session.generation
        try desk.answer(1, at: 5010)
        #expect(desk.session.generation == generation + 1)
        #expect(desk.session.outcome.staleAnswers == 0)
        try desk.answer(1, at: 5020)
        #expect(desk.session.generation == generation + 1)
        #expect(desk.session.outcome.staleAnswers == 1)
    }

    @Test func overduePiecesOfAllWorkersAreGivenOutOnceMore() throws {
        let desk = try practised()
        let held = desk.underWay.map(\.work)
        try desk.pass(from: 100, to: 5000, hearing: [1, 2])
        for work in held { #expect(desk.underWay.count { $0.work == work } == 2) }
        #expect(desk.underWay.count == 4)
    }

    @Test func aWorkerThatAnsweredLaterWorkOwesNothingOfBefore() throws {
        let desk = try practised()
        let lost = try #require(desk.underWay.last { $0.worker == 2 }).work
        // Worker 1 does its own piece and, since worker 2's message was lost, that of worker 2.
        try desk.answer(1, at: 50)
        try desk.handle(.tick, at: 200)
        try desk.answer(1, at: 210)
        // Overdue, the lost piece does not keep worker 2 from being given others.
        try desk.pass(from: 300, to: 900, hearing: [1, 2])
        while desk.session.generation < 6 {
            let next = try #require(desk.underWay.first { $0.work != lost })
            try desk.answer(next.worker, besides: lost, at: 910)
        }
        #expect(desk.underWay.contains { $0.worker == 2 && $0.work != lost })
        while desk.session.generation < 8 {
            let next = try #require(desk.underWay.first { $0.work != lost })
            try desk.answer(next.worker, besides: lost, at: 920)
        }
        // It has answered since, so that nobody waits for the lost answer until it is put out.
        try desk.pass(from: 1000, to: 6300, hearing: [1, 2])
        #expect(desk.evicted.isEmpty)
    }

    /// Answers overtake one another where messages do; each counts all the same.
    @Test func answersMayComeInAnotherOrder() throws {
        let desk = try Desk(short)
        try desk.join(1...1)
        while desk.underWay.count < 2 { try desk.answer(1, at: 10) }
        let second = desk.underWay[1].work
        let stale = desk.session.outcome.staleAnswers
        try desk.answer(1, besides: desk.underWay[0].work, at: 20)
        #expect(!desk.underWay.contains { $0.work == second })
        try desk.answer(1, at: 21)
        #expect(desk.session.outcome.staleAnswers == stale)
    }

    @Test func aStaleAnswerOfASlowWorkerDoesNotCountTwice() throws {
        let desk = try practised()
        let held = desk.underWay
        try desk.answer(1, at: 50)
        try desk.handle(.tick, at: 200)
        try desk.answer(1, at: 210)
        let generation = desk.session.generation
        #expect(generation == 4)
        let stale = try #require(held.first { $0.worker == 2 }).work
        #expect(desk.underWay.contains { $0.worker == 2 && $0.work == stale })
        try desk.answer(2, at: 220)
        #expect(desk.session.generation == generation)
        #expect(desk.session.outcome.staleAnswers == 1)
    }

    // MARK: The least number of workers

    @Test func nothingIsHandedOutBeforeThereAreEnoughWorkers() throws {
        let desk = try Desk(Membership(lease: .seconds(1), minimumWorkers: 3))
        try desk.join(1...2)
        #expect(desk.underWay.isEmpty)
        try desk.join(3...3)
        #expect(Set(desk.underWay.map(\.worker)) == [1, 2, 3])
    }

    @Test func trainingWaitsWhileThereAreTooFewAndGoesOnWithMore() throws {
        let desk = try Desk(Membership(lease: .seconds(1), minimumWorkers: 2))
        try desk.join(1...2)
        try desk.handle(.workerLost(WorkerID(2)), at: 5)
        try desk.answer(1, at: 10)
        #expect(desk.underWay.map(\.worker) == [2])
        try desk.pass(from: 100, to: 30_000, hearing: [1])
        #expect(desk.underWay.count == 1)
        try desk.join(3...3, at: 30_000)
        #expect(desk.underWay.count == 2)
    }

    @Test(arguments: [0, 1]) func waitingForWorkersHasAnEnd(ready: Int) throws {
        let desk = try Desk(Membership(lease: .seconds(1), minimumWorkers: 2, waitingLimit: .seconds(20)))
        if ready == 1 { try desk.join(1...1) }
        try desk.pass(from: 0, to: 19_000, hearing: [1])
        // Somebody fetches the data: it is worth waiting a little longer.
        try desk.handle(.preparing, at: 19_000)
        try desk.pass(from: 19_000, to: 38_900, hearing: [1])
        let failure = #expect(throws: Failure.self) { try desk.pass(from: 39_000, to: 39_000, hearing: [1]) }
        #expect(failure?.category == .workers)
        #expect(failure?.description.contains(ready == 0 ? "none was ready" : "1 of 2 were ready") == true)
    }
}
