import Diagnostics
import Launching
import Simulation
import Synchronization

extension BenchmarkCommand {
    /// Trains under simulated faults, on all processors.
    ///
    /// - Returns: 0 if every run ended as the undisturbed one, else 1.
    /// - Throws: `Failure`.
    static func simulate(_ options: SimulateOptions) throws -> Int32 {
        let campaign = try Campaign()
        if options.isReplay { return try replay(options.seeds.lowerBound, campaign) }
        let start = ContinuousClock.now
        let threads = Processors.available()
        let summary = Mutex(SimulationSummary(seeds: options.seeds))
        try campaign.run(options.seeds, threads: threads) { verdict in
            let line = summary.withLock { $0.add(verdict) }
            if let line { _ = try? line.stream.write(line.text) }
        }
        let result = summary.withLock { $0 }
        try StandardStream.output.write(result.text(seconds: (ContinuousClock.now - start).seconds, threads: threads))
        return result.failed == 0 ? 0 : 1
    }

    private static func replay(_ seed: UInt64, _ campaign: Campaign) throws -> Int32 {
        let verdict = campaign.check(seed) { _ = try? StandardStream.output.write($0 + "\n") }
        try StandardStream.output.write(
            "seed \(seed): \(verdict.problem ?? "it ended as the undisturbed run")\n")
        return verdict.problem == nil ? 0 : 1
    }
}
