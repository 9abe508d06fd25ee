import Testing

@testable import Commands

@Suite struct ScalingVerdictTests {
    /// A run whose parts sum up to its step.
    private func run(_ workers: Int, compute: Double, exchange: Double = 0, reduce: Double = 0) -> BenchmarkReport.Run {
        BenchmarkReport.Run(
            workers: workers, step: compute + exchange + reduce, rounds: [], compute: workers == 0 ? nil : compute,
            exchange: workers == 0 ? nil : exchange, wait: nil, reduce: workers == 0 ? nil : reduce)
    }

    private func verdict(cores: Int, _ runs: [BenchmarkReport.Run]) throws -> String {
        var report = try scalingReport()
        report.cores = cores
        report.runs = runs
        return ScalingVerdict(report).text
    }

    @Test func moreWorkersThanCoresAreNamed() throws {
        let text = try verdict(
            cores: 2,
            [
                run(0, compute: 3), run(4, compute: 1, exchange: 1.5), run(1, compute: 3, exchange: 0.1),
                run(2, compute: 1.5, exchange: 0.25),
            ])
        #expect(
            text == "use 2: 4 are slower (2.50 ms a step instead of 1.75), because 4 workers share 2 cores and "
                + "exchange takes 1.50 ms instead of 0.25")
    }

    @Test func thePartThatGrewIsTheReason() throws {
        #expect(
            try verdict(cores: 8, [run(1, compute: 2, reduce: 0.1), run(2, compute: 1.9, reduce: 0.9)])
                == "use 1: 2 are slower (2.80 ms a step instead of 2.10), because reduction takes 0.90 ms instead of 0.10"
        )
        #expect(
            try verdict(cores: 8, [run(1, compute: 2), run(2, compute: 1, exchange: 0.98)])
                == "use 1: 2 are no faster, because exchange takes 0.98 ms instead of 0.00")
    }

    @Test func theMostMayBeTheBest() throws {
        #expect(
            try verdict(cores: 4, [run(0, compute: 4), run(1, compute: 4), run(4, compute: 1)])
                == "use 4: 4.00 times as fast as 1; more were not measured")
    }

    @Test func oneProcessMayBeFasterStill() throws {
        #expect(
            try verdict(cores: 2, [run(0, compute: 1), run(2, compute: 1, exchange: 1)])
                == "use 2: no other number was measured. One process without exchange is faster still: 1.00 ms a step "
                + "instead of 2.00")
    }
}
