/// One measured run: seconds a step, means over the steps behind the warm-up.
struct BenchmarkSample: Sendable, Equatable {
    /// The time of a step as the clock on the wall has it.
    var step: Double
    /// The examples of a step; fewer than the batch size where the last batch of an epoch is short.
    var examples: Double
    /// Its parts; nil for a run without exchange.
    var parts: Parts?
    /// SHA-256 of the parameters at the end.
    var parametersSHA256: String
    /// The mean loss of every step, the warm-up included, before its update.
    var losses: [Double] = []
    /// Seconds from the start of the run, workers and data included, to the end of its first step.
    var firstStep: Double? = nil
    /// The most memory that each process had resident, summed over coordinator and workers; nil where that is not known.
    var peakBytes: Int? = nil
    /// The allocations of coordinator and workers; nil if nobody counted them.
    var allocations: Double? = nil

    /// Where the time of a step went, as `RoundClock` has it.
    struct Parts: Sendable, Equatable {
        /// The slowest worker's computing.
        var compute: Double
        /// What passes beyond it from the assignment to the last answer.
        var exchange: Double
        /// What passes between the first answer and the last, part of the other two.
        var wait: Double
        /// Reduction, optimizer and planning.
        var reduce: Double
    }
}

extension Sequence<Double> {
    /// The middle value, or the mean of the two middle ones; 0 of nothing.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
