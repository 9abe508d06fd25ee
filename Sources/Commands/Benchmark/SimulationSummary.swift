import Observing
import Simulation

/// What came of many simulated runs.
struct SimulationSummary {
    private let seeds: ClosedRange<UInt64>
    private var done = 0
    private(set) var failed = 0
    private var counts = FaultCounts()

    init(seeds: ClosedRange<UInt64>) {
        self.seeds = seeds
    }

    /// Adds the verdict on a run.
    ///
    /// - Returns: what is to be told at once: a run that failed, or progress now and then.
    mutating func add(_ verdict: Campaign.Verdict) -> (stream: StandardStream, text: String)? {
        done += 1
        counts += verdict.counts
        if let problem = verdict.problem {
            failed += 1
            let seed = verdict.seed
            return (.output, "seed \(seed): \(problem) (replay: benchmark simulate --seed \(seed))\n")
        }
        return done % 1000 == 0 ? (.error, "\(done) of \(seeds.count) runs\n") : nil
    }

    /// What it all came to.
    func text(seconds: Double, threads: Int) -> String {
        let end = failed == 0 ? "all ended as the undisturbed run" : "\(failed) did not end as the undisturbed run"
        return """
            \(done) runs, seeds \(seeds.lowerBound) to \(seeds.upperBound): \(end)
            \(Decimals.text(seconds, places: 1)) s on \(threads) threads
            \(counts.faults) faults, \(counts.workersLost) workers lost, \(counts.shardsReissued) shards reissued, \
            \(counts.staleAnswers) stale answers
            \(counts.coordinatorEnds) ends of the coordinator, \(counts.powerCuts) by loss of power, \
            \(counts.resumptions) resumptions
            \(counts.checkpointsWritten) checkpoints written, \(counts.checkpointsFailed) failed, \
            \(counts.damagedCheckpoints) found damaged

            """
    }
}
