import Simulation
import Testing

@testable import Commands

@Suite struct SimulationSummaryTests {
    @Test func aFailingRunIsToldAtOnceAndCounted() throws {
        var summary = SimulationSummary(seeds: 10...12)
        let nothing = summary.add(Campaign.Verdict(seed: 10, problem: nil, counts: FaultCounts()))
        #expect(nothing == nil)
        let told = summary.add(Campaign.Verdict(seed: 12, problem: "it hangs", counts: FaultCounts()))
        let line = try #require(told)
        #expect(line.stream == .output)
        #expect(line.text == "seed 12: it hangs (replay: benchmark simulate --seed 12)\n")
        #expect(summary.failed == 1)
        let text = summary.text(seconds: 1.25, threads: 2)
        #expect(text.hasPrefix("2 runs, seeds 10 to 12: 1 did not end as the undisturbed run\n"))
    }

    @Test func progressIsToldNowAndThen() {
        var summary = SimulationSummary(seeds: 0...1999)
        let told = (0..<2000 as Range<UInt64>).compactMap {
            summary.add(Campaign.Verdict(seed: $0, problem: nil, counts: FaultCounts()))
        }
        #expect(told.map(\.text) == ["1000 of 2000 runs\n", "2000 of 2000 runs\n"])
        #expect(told.allSatisfy { $0.stream == .error })
        #expect(summary.text(seconds: 1, threads: 1).contains("2000 runs, seeds 0 to 1999: all ended"))
    }

    @Test func runsAreSimulatedAndReplayed() {
        #expect(BenchmarkCommand.main(arguments: ["simulate", "--seeds", "24"], environment: [:]) == 0)
        #expect(BenchmarkCommand.main(arguments: ["simulate", "--seed", "7"], environment: [:]) == 0)
    }
}
