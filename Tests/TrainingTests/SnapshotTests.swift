import Datasets
import Diagnostics
import Questions
import Testing
import Training

@testable import Simulation

/// A session left at any moment and taken up again: the same bits, the same events, as if nothing had happened.
@Suite struct SnapshotTests {
    private static let recipes: [[String]] = [
        ["optimizer=sgd", "momentum=0.9"],
        ["optimizer=adamw", "clipNorm=0.5", "schedule=oneCycle", "weightDecay=0.1"],
        ["optimizer=adam", "target=0.8", "epochs=40"],
        ["evaluationInterval=2", "schedule=cosine", "shards=2", "batchSize=37"],
        ["metric=loss"],
    ]

    private static func expectSame(_ resumed: [Drive], as whole: Drive, _ moment: String) {
        guard let last = resumed.last?.session else { return }
        let wanted = whole.session
        #expect(last.parameters.values.sha256 == wanted.parameters.values.sha256, "\(moment)")
        #expect(last.outcome == wanted.outcome, "\(moment)")
        #expect(last.generation == wanted.generation, "\(moment)")
        #expect(resumed.flatMap(\.events) == whole.events, "\(moment)")
        #expect(last.isFinished)
    }

    /// Leaves a session after every possible number of answers once.
    private static func leaveEverywhere(_ question: any Question, _ data: DataSet, workers: Int, then others: Int)
        throws
    {
        let whole = try Drive(question, data, workers: 1)
        try whole.answer()
        let answers = try Drive(question, data, workers: workers).answer()
        for moment in 0...answers {
            let first = try Drive(question, data, workers: workers)
            try first.answer(moment)
            let second = try Drive(question, data, workers: others, resuming: first.session.snapshot())
            try second.answer()
            expectSame([first, second], as: whole, "left after \(moment) answers")
        }
    }

    @Test(arguments: recipes, [(1, 3), (3, 1), (2, 4)])
    func aResumedTrainingGivesTheSameResult(recipe: [String], workers: (Int, Int)) throws {
        let (question, data) = try Toy.make(recipe)
        try Self.leaveEverywhere(question, data, workers: workers.0, then: workers.1)
    }

    @Test(arguments: [(1, 3), (3, 1), (2, 4)])
    func aResumedSearchGivesTheSameResult(workers: (Int, Int)) throws {
        let question = ToySearch()
        let data = try question.loadData(from: DataFolder())
        try Self.leaveEverywhere(question, data, workers: workers.0, then: workers.1)
    }

    /// No round has more pieces than an evaluation's four, so five answers always complete one.
    @Test(arguments: recipes, [5, 7, 11])
    func manyInterruptionsInARowChangeNothing(recipe: [String], interval: Int) throws {
        let (question, data) = try Toy.make(recipe)
        let whole = try Drive(question, data, workers: 1)
        try whole.answer()
        var drives = [try Drive(question, data, workers: 2)]
        while !drives[drives.count - 1].isFinished {
            try #require(drives.count < 1000, "the session hangs")
            try drives[drives.count - 1].answer(interval)
            guard !drives[drives.count - 1].isFinished else { break }
            let snapshot = drives[drives.count - 1].session.snapshot()
            drives.append(try Drive(question, data, workers: 1 + drives.count % 4, resuming: snapshot))
        }
        Self.expectSame(drives, as: whole, "left every \(interval) answers")
    }

    @Test func aSnapshotIsWhatItWasMadeFrom() throws {
        let (question, data) = try Toy.make()
        let drive = try Drive(question, data, workers: 2)
        try drive.answer(7)
        let snapshot = drive.session.snapshot()
        let taken = try Session(question, data: data, seed: 1, resuming: snapshot).snapshot()
        #expect(taken == snapshot)
        try drive.answer()
        #expect(taken == snapshot, "it shares memory with the session")
        let end = drive.session.snapshot()
        #expect(try Session(question, data: data, seed: 1, resuming: end).snapshot() == end)
        #expect(end.place == .finished && end.round > snapshot.round)
    }

    private static let damages: [(String, @Sendable (inout Snapshot) -> Void)] = [
        ("parameter", { $0.layout[0].shape = [8, 3] }),
        ("parameters", { $0.layout.removeLast() }),
        ("fit together", { $0.parameters.removeLast() }),
        ("fit together", { $0.moments.removeLast() }),
        ("fit together", { $0.moments[1].append(0) }),
        ("fit together", { $0.optimizerSteps = -1 }),
        ("fit together", { $0.outcome.steps = .max }),
        ("fit together", { $0.round = .max }),
        ("outside", { $0.place = .training(Snapshot.Position(epoch: 3, batch: 0)) }),
        ("outside", { $0.place = .training(Snapshot.Position(epoch: .max, batch: .max)) }),
        ("outside", { $0.place = .training(Snapshot.Position(epoch: 0, batch: -1)) }),
        ("outside", { $0.place = .validating(Snapshot.Position(epoch: 0, batch: 5)) }),
        ("outside", { $0.place = .training(Snapshot.Position(epoch: 0, batch: 0, skippedInARow: 3)) }),
        ("outside", { $0.place = .training(Snapshot.Position(epoch: 0, batch: 0, skippedInARow: -1)) }),
        ("fit together", { $0.outcome.skippedSteps = -1 }),
        ("outside", { $0.place = .scoring([]) }),
        ("outside", { $0.place = .scoring([.unseen]) }),
        ("outside", { $0.place = .searching(Snapshot.SearchPosition(epoch: 0, next: 0, mistakesInEpoch: 0)) }),
    ]

    @Test(arguments: 0..<damages.count) func aSnapshotThatDoesNotFitIsRefused(index: Int) throws {
        let (question, data) = try Toy.make()
        let drive = try Drive(question, data, workers: 2)
        try drive.answer(7)
        var snapshot = drive.session.snapshot()
        Self.damages[index].1(&snapshot)
        let failure = #expect(throws: Failure.self) {
            _ = try Session(question, data: data, seed: 1, resuming: snapshot)
        }
        #expect(failure?.category == .data)
        #expect(failure?.description.contains(Self.damages[index].0) == true, "\(failure?.description ?? "")")
    }

    @Test(arguments: [(6, 0, 0), (0, 50, 0), (0, -1, 0), (0, 3, 4)])
    func aSearchOutsideTheExamplesIsRefused(place: (epoch: Int, next: Int, mistakes: Int)) throws {
        let question = ToySearch()
        let data = try question.loadData(from: DataFolder())
        var snapshot = try Session(question, data: data, seed: 1).snapshot()
        snapshot.place = .searching(
            Snapshot.SearchPosition(epoch: place.epoch, next: place.next, mistakesInEpoch: place.mistakes))
        #expect(throws: Failure.self) { _ = try Session(question, data: data, seed: 1, resuming: snapshot) }
    }
}
