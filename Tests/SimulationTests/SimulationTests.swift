import Diagnostics
import Foundation
import Synchronization
import Testing
import Training

@testable import Simulation

/// Whole runs in virtual time, each under other faults: the result is that of the quiet run, or the run is wrong.
///
/// The environment variable `LOCKSTEP_SIMULATE` names other seeds: `17` replays one, `1000-5999` runs many.
@Suite struct SimulationTests {
    static let seeds: ClosedRange<UInt64> = {
        let bounds = (ProcessInfo.processInfo.environment["LOCKSTEP_SIMULATE"] ?? "0-2047").split(separator: "-")
            .compactMap { UInt64($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return 0...2047 }
        return first...last
    }()

    @Test func everySeedEndsAsTheQuietRunDoes() throws {
        let found = Mutex((problems: [String](), counts: FaultCounts()))
        try Campaign().run(Self.seeds, threads: 2) { verdict in
            found.withLock {
                if let problem = verdict.problem { $0.problems.append("seed \(verdict.seed): \(problem)") }
                $0.counts += verdict.counts
            }
        }
        let (problems, counts) = found.withLock { $0 }
        for problem in problems.prefix(20) { Issue.record("\(problem)") }
        #expect(problems.count == 0)
        // Seeds that put nobody to the test would prove nothing.
        guard Self.seeds.count >= 1000 else { return }
        let few = Self.seeds.count / 2
        #expect(counts.faults > 10 * few && counts.workersLost > few && counts.shardsReissued > few)
        #expect(counts.staleAnswers > few && counts.coordinatorEnds > few && counts.powerCuts > few)
        #expect(counts.resumptions > few && counts.damagedCheckpoints > few)
        #expect(counts.checkpointsWritten > few && counts.checkpointsFailed > few)
    }

    /// What the quiet run of a scenario was made of: the examples that were handed out for each step, in order.
    private static func quietRun(
        _ scenario: Scenario
    ) throws -> (result: Simulator.Result, steps: [(kind: Work.Kind, examples: [Int32])]) {
        var steps: [(kind: Work.Kind, examples: [Int32])] = []
        var plant = Simulator.Plant()
        plant.handler = { session, event, now in
            let actions = try session.handle(event, at: now)
            var examples: [Int32] = []
            var kind: Work.Kind?
            for case .assign(_, let work) in actions {
                kind = work.kind
                examples += work.examples
            }
            if let kind { steps.append((kind, examples)) }
            return actions
        }
        return (try Simulator(seed: nil, scenario: scenario, plant: plant).run(), steps)
    }

    @Test(arguments: [0, 6, 12, 18]) func theQuietRunTakesEveryExampleOfEveryEpochOnce(scenario: Int) throws {
        let (quiet, steps) = try Self.quietRun(Scenario.all[scenario])
        let sizes = quiet.story.compactMap { event -> Int? in
            guard case .stepCompleted(_, _, _, _, let examples) = event else { return nil }
            return examples
        }
        #expect(sizes == [8, 8, 8, 5, 8, 8, 8, 5])
        #expect(quiet.outcome.examples == 2 * 29 && quiet.outcome.steps == 8 && quiet.failure == nil)
        let trained = steps.filter { $0.kind == .gradient }.map(\.examples)
        #expect(trained.map(\.count) == sizes)
        for epoch in 0..<2 { #expect(trained[4 * epoch..<4 * epoch + 4].joined().sorted() == Array(0..<29)) }
    }

    /// What the scenarios are meant to be, or the seeds would not try it.
    @Test func theScenariosEndInEveryWay() throws {
        let quiet = try Scenario.all.map { try Self.quietRun($0).result }
        #expect(Set(quiet.prefix(6).map(\.digest)).count == 6)
        for (scenario, result) in zip(Scenario.all, quiet) {
            let isDiverging = scenario.recipe?.contains("learningRate=1000") == true
            #expect((result.failure != nil) == isDiverging)
            #expect((result.outcome.skippedSteps == 3) == isDiverging)
            if scenario.recipe?.contains("target=0.9") == true { #expect(result.outcome.epochs < 20) }
            let scores = result.story.count { if case .evaluated = $0 { true } else { false } }
            #expect(isDiverging || scores >= 2)
        }
    }

    @Test(arguments: [5, 11, 40] as [UInt64]) func aSeedReplaysTheSameRun(seed: UInt64) throws {
        let campaign = try Campaign()
        let runs = (0..<2).map { _ in
            var lines: [String] = []
            let verdict = campaign.check(seed) { lines.append($0) }
            return (verdict.problem, verdict.counts, lines)
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0].2.contains { $0.contains("the coordinator") })
    }

    @Test func threadsChangeNothing() throws {
        let campaign = try Campaign()
        func counts(threads: Int) throws -> [UInt64: FaultCounts] {
            let found = Mutex([UInt64: FaultCounts]())
            try campaign.run(3...50, threads: threads) { verdict in
                found.withLock { $0[verdict.seed] = verdict.counts }
            }
            return found.withLock { $0 }
        }
        let alone = try counts(threads: 1)
        #expect(alone.keys.sorted() == Array(3...50))
        #expect(try counts(threads: 3) == alone)
    }
}
