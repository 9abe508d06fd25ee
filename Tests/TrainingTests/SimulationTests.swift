import Foundation
import Questions
import Tensors
import Testing
import Training

/// Whole runs in virtual time, each under other faults: the result is that of the quiet run, or the run is wrong.
///
/// The environment variable `LOCKSTEP_SIMULATE` names other seeds: `17` replays one, `1000-5999` runs many.
@Suite struct SimulationTests {
    static let seeds: ClosedRange<UInt64> = {
        let bounds = (ProcessInfo.processInfo.environment["LOCKSTEP_SIMULATE"] ?? "0-499").split(separator: "-")
            .compactMap { UInt64($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return 0...499 }
        return first...last
    }()

    static let quiet = Swift.Result { try Simulator(seed: nil).run() }

    @Test func theQuietRunTakesEveryExampleOfEveryStepOnce() throws {
        let quiet = try Self.quiet.get()
        let steps = quiet.story.compactMap { event -> (Int, Int)? in
            guard case .stepCompleted(let step, _, _, _, let examples) = event else { return nil }
            return (step, examples)
        }
        #expect(steps.map(\.0) == Array(1...8))
        #expect(steps.map(\.1) == [8, 8, 8, 5, 8, 8, 8, 5])
        #expect(quiet.examples == 2 * 29)
    }

    @Test func everySeedEndsAsTheQuietRunDoes() throws {
        let quiet = try Self.quiet.get()
        var faults = 0
        var lost = 0
        var stale = 0
        var reissued = 0
        for seed in Self.seeds {
            let simulator = try Simulator(seed: seed)
            do {
                let result = try simulator.run()
                #expect(result == quiet, "seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            faults += simulator.faults
            lost += simulator.session.outcome.workersLost
            stale += simulator.session.outcome.staleAnswers
            reissued += simulator.session.outcome.shardsReissued
        }
        // Seeds that put nobody to the test would prove nothing.
        guard Self.seeds.count >= 100 else { return }
        #expect(faults > 2 * Self.seeds.count)
        #expect(lost > Self.seeds.count / 2)
        #expect(stale > Self.seeds.count / 2)
        #expect(reissued > Self.seeds.count / 2)
    }

    @Test func aSeedReplaysTheSameRun() throws {
        let runs = try (0..<2).map { _ in
            let simulator = try Simulator(seed: 5)
            let result = try simulator.run()
            return (result, simulator.faults, simulator.session.outcome.staleAnswers)
        }
        #expect(runs[0] == runs[1])
    }

    /// How many of some seeds show a fault that stands between the pool and the session.
    private func caught(_ handler: @escaping () -> Simulator.Handler) throws -> Int {
        let quiet = try Self.quiet.get()
        return try (0..<40 as Range<UInt64>).count { seed in
            let simulator = try Simulator(seed: seed, handler: handler())
            do { return try simulator.run() != quiet } catch is Simulator.Problem { return true }
        }
    }

    @Test func aPlantedDoubleApplyIsCaught() throws {
        let caught = try caught {
            { session, event, now in
                let stale = session.outcome.staleAnswers
                let actions = try session.handle(event, at: now)
                if session.outcome.staleAnswers > stale, case .answered(_, let result) = event,
                    let gradient = result.partial.gradient
                {
                    // What is stale goes into the parameters once more.
                    let values = session.parameters.values
                    for index in 0..<values.count { values.pointer[index] -= 0.05 * gradient.pointer[index] }
                }
                return actions
            }
        }
        #expect(caught > 0)
    }

    @Test func aPlantedLostShardIsCaught() throws {
        let caught = try caught {
            { session, event, now in
                guard case .answered(let worker, var result) = event, session.outcome.shardsReissued > 0,
                    result.shards.lowerBound > 0, result.partial.gradient != nil
                else { return try session.handle(event, at: now) }
                // After a loss, what the upper shards found counts as nothing.
                result.partial.gradient = Storage(count: session.parameters.count)
                return try session.handle(.answered(worker, result), at: now)
            }
        }
        #expect(caught > 0)
    }

    @Test func aPlantedEarlySuccessIsCaught() throws {
        let caught = try caught {
            { session, event, now in
                let actions = try session.handle(event, at: now)
                return session.outcome.workersLost > 0 ? actions + [.finish] : actions
            }
        }
        #expect(caught > 0)
    }

    @Test func aPlantedDeafSessionHangs() throws {
        let simulator = try Simulator(seed: 1) { session, event, now in
            if case .answered = event { return [] }
            if case .tick = event { return [] }
            return try session.handle(event, at: .zero)
        }
        #expect(throws: Simulator.Problem.hangs) { try simulator.run() }
    }
}
