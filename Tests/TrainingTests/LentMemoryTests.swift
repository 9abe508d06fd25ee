import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// Workers answer with gradients in memory that they write again as soon as they are given more work.
@Suite struct LentMemoryTests {
    /// A session whose workers sit at desks: each desk has memory for one gradient, whoever sits there.
    private final class Office {
        let session: Session
        private let runner: ShardRunner
        private var desks: [Int: Storage] = [:]
        private var seats: [WorkerID: Int] = [:]
        private(set) var underWay: [(worker: WorkerID, work: Work)] = []
        private(set) var isFinished = false

        init() throws {
            let (question, data) = try Toy.make(["shards=4"])
            session = try Session(question, data: data, seed: 1)
            runner = try ShardRunner(question, data: data, seed: 1)
        }

        func seat(_ worker: Int, at desk: Int) throws {
            seats[WorkerID(worker)] = desk
            if desks[desk] == nil { desks[desk] = Storage(count: runner.parameterCount) }
            try handle(.workerReady(WorkerID(worker)))
        }

        func lose(_ worker: Int) throws {
            underWay.removeAll { $0.worker.number == worker }
            try handle(.workerLost(WorkerID(worker)))
        }

        func holds(_ worker: Int) -> Bool { underWay.contains { $0.worker.number == worker } }

        func answer(_ worker: Int) throws {
            let index = try #require(underWay.firstIndex { $0.worker.number == worker })
            let work = underWay.remove(at: index).work
            let desk = try #require(seats[WorkerID(worker)].flatMap { desks[$0] })
            let result = try runner.run(
                work, parameters: session.parameters.values.pointer, gradient: work.kind == .gradient ? desk : nil)
            try handle(.answered(WorkerID(worker), result))
        }

        func finish() throws {
            while !isFinished { try answer(try #require(underWay.first).worker.number) }
        }

        private func handle(_ event: SessionEvent) throws {
            for action in try session.handle(event) {
                switch action {
                case .assign(let worker, let work):
                    // Being given work, it begins to write.
                    if work.kind == .gradient, let desk = seats[worker].flatMap({ desks[$0] }) {
                        desk.pointer.update(repeating: 1e30, count: desk.count)
                    }
                    underWay.append((worker, work))
                case .evict, .observe: break
                case .finish: isFinished = true
                }
            }
        }
    }

    private static let undisturbed = Swift.Result {
        let office = try Office()
        try office.seat(1, at: 1)
        try office.finish()
        return office.session.parameters.values.sha256
    }

    /// Two workers, of which the first has answered its half of the second step.
    private func halfway() throws -> Office {
        let office = try Office()
        try office.seat(1, at: 1)
        try office.seat(2, at: 2)
        try office.answer(1)
        #expect(office.holds(1) && office.holds(2))
        try office.answer(1)
        #expect(!office.holds(1) && office.session.generation == 1)
        return office
    }

    @Test func theShardsOfALostWorkerAreComputedWhereThoseOfTheStepLieAlready() throws {
        let office = try halfway()
        try office.lose(2)
        #expect(office.holds(1))
        try office.finish()
        #expect(try office.session.parameters.values.sha256 == Self.undisturbed.get())
    }

    @Test func aWorkerThatComesBackWritesWhereItsEarlierAnswerLies() throws {
        let office = try halfway()
        try office.lose(1)
        try office.seat(3, at: 1)
        try office.lose(2)
        #expect(office.holds(3))
        try office.finish()
        #expect(try office.session.parameters.values.sha256 == Self.undisturbed.get())
    }

    @Test func theParametersMayLieAnywhere() throws {
        let office = try halfway()
        let memory = Storage(count: office.session.parameters.count)
        office.session.moveParameters(to: memory.pointer)
        #expect(memory.sha256 == office.session.parameters.values.sha256)
        let before = memory.sha256
        try office.answer(2)
        #expect(memory.sha256 != before)
        #expect(memory.sha256 == office.session.parameters.values.sha256)
        office.session.bringParametersHome()
        let after = memory.sha256
        try office.finish()
        #expect(memory.sha256 == after)
        #expect(try office.session.parameters.values.sha256 == Self.undisturbed.get())
    }
}
