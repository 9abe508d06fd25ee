import Diagnostics
import Observing
import Questions

/// How a question scales with the number of workers, as `benchmark scaling` and `benchmark step` report it.
///
/// Times are medians over the rounds, in milliseconds a step.
struct BenchmarkReport: Codable, Sendable, Equatable {
    /// The figures of one number of workers.
    struct Run: Codable, Sendable, Equatable {
        /// The number of worker processes; 0 for the one process without exchange.
        var workers: Int
        /// The time of a step.
        @Measured var step: Double?
        /// The time of a step in every round, in order.
        var rounds: [Double]
        /// The slowest worker's computing.
        @Measured var compute: Double?
        /// What passes beyond it until the last answer.
        @Measured var exchange: Double?
        /// What passes between the first answer and the last.
        @Measured var wait: Double?
        /// Reduction, optimizer and planning.
        @Measured var reduce: Double?
        /// The baseline's time divided by this one's.
        @Measured var speedUp: Double?
        /// The speed-up by worker.
        @Measured var efficiency: Double?
        /// Examples computed a second.
        @Measured var samplesPerSecond: Double?
        /// Milliseconds from the start of the run, workers and data included, to the end of its first step.
        @Measured var firstStep: Double?
        /// The most memory of each process, summed, in bytes.
        var peakBytes: Int?
        /// Heap allocations of coordinator and workers a step; nil unless AllocationCounter is preloaded.
        @Measured var allocations: Double?

        /// What a row of the table is called.
        static func name(workers: Int) -> String {
            workers == 0 ? "one process" : "\(workers) worker\(workers == 1 ? "" : "s")"
        }
    }

    /// A run with a fixed batch a worker.
    struct WeakRun: Codable, Sendable, Equatable {
        /// The number of worker processes.
        var workers: Int
        /// The examples of a step.
        var batchSize: Int
        /// The time of a step.
        @Measured var step: Double?
        /// The baseline's time for one worker's batch divided by this one's.
        @Measured var efficiency: Double?
        /// Examples computed a second.
        @Measured var samplesPerSecond: Double?
    }

    /// A training to the end of the recipe.
    struct Training: Codable, Sendable, Equatable {
        /// The number of worker processes.
        var workers: Int
        /// Seconds it took.
        @Measured var seconds: Double?
        /// Seconds until the validation score met the threshold.
        @Measured var secondsToThreshold: Double?
        /// Whether the question passed.
        var passed: Bool
        /// The digest of the parameters.
        var parametersSHA256: String
    }

    /// The version of this format.
    var schema = 1
    /// The version of Lockstep.
    var version = Version.current
    /// The question.
    var question: String
    /// The seed of every run.
    var seed: UInt64
    /// The cores this process may use.
    var cores: Int
    /// The steps of a run.
    var steps: Int
    /// How many of them were not counted.
    var warmUpSteps: Int
    /// How often each number of workers was measured.
    var rounds: Int
    /// The examples of a step.
    var batchSize: Int
    /// The shards of a step.
    var shards: Int
    /// Where the data came from.
    var data: QuestionReport.DataReport
    /// The digest of the parameters that every run ended with.
    var parametersSHA256: String
    /// The mean loss of every step, the same in all runs.
    var losses: [Double]
    /// The baseline if it was measured, then each number of workers.
    var runs: [Run]
    /// The runs with a fixed batch a worker; null if they were not asked for.
    var weak: [WeakRun]?
    /// The trainings to the end; null if they were not asked for.
    var trainings: [Training]?
    /// How many workers to use, and why; null if that was not asked for.
    var verdict: String?

    /// Sums up samples that all ended with the same parameters; the first are what the others are compared with.
    init(
        _ subject: BenchmarkSubject, _ recipe: Recipe, cores: Int, rounds: Int,
        _ samples: [(workers: Int, samples: [BenchmarkSample])]
    ) {
        question = subject.question.name
        seed = subject.seed
        self.cores = cores
        steps = subject.steps
        warmUpSteps = subject.warmUpSteps
        self.rounds = rounds
        batchSize = recipe.batchSize
        shards = recipe.shards
        data = QuestionReport.DataReport(
            source: subject.data.source, sha256: subject.data.sourceSHA256, synthetic: subject.data.isSynthetic)
        parametersSHA256 = samples.first?.samples.first?.parametersSHA256 ?? ""
        losses = samples.first?.samples.first?.losses ?? []
        let baseline = samples.first?.samples.map(\.step).median ?? 0
        runs = samples.map { workers, samples in
            let step = samples.map(\.step).median
            let examples = samples.map(\.examples).median
            let parts = samples.compactMap(\.parts)
            func part(_ value: (BenchmarkSample.Parts) -> Double) -> Double? {
                parts.isEmpty ? nil : parts.map(value).median * 1000
            }
            return Run(
                workers: workers, step: step * 1000, rounds: samples.map { $0.step * 1000 },
                compute: part(\.compute), exchange: part(\.exchange), wait: part(\.wait), reduce: part(\.reduce),
                speedUp: baseline / step, efficiency: baseline / step / Double(max(workers, 1)),
                samplesPerSecond: examples / step,
                firstStep: samples.compactMap(\.firstStep).median * 1000,
                peakBytes: samples.compactMap(\.peakBytes).max(),
                allocations: samples.compactMap(\.allocations).max())
        }
    }

    /// Adds the runs with a fixed batch a worker, compared with the baseline.
    mutating func addWeak(_ samples: [(workers: Int, samples: [BenchmarkSample])]?) {
        let baseline = (runs.first?.step ?? 0) / 1000
        weak = samples?.map { workers, samples in
            let step = samples.map(\.step).median
            return WeakRun(
                workers: workers, batchSize: batchSize * workers, step: step * 1000, efficiency: baseline / step,
                samplesPerSecond: samples.map(\.examples).median / step)
        }
    }

    /// A line that says which runs ended with different parameters; nil if all are equal.
    static func difference(_ samples: [(workers: Int, samples: [BenchmarkSample])]) -> String? {
        var digests: [String: [String]] = [:]
        for (workers, samples) in samples {
            for digest in Set(samples.map(\.parametersSHA256)) {
                digests[digest, default: []].append(Run.name(workers: workers))
            }
        }
        guard digests.count > 1 else { return nil }
        let groups = digests.sorted { $0.key < $1.key }
            .map { "\($0.key.prefix(12)) with \($0.value.joined(separator: ", "))" }
        return "the parameters differ between runs, so nothing is reported: " + groups.joined(separator: "; ")
    }

    /// Seconds as milliseconds with two places.
    static func milliseconds(_ seconds: Double) -> String { Decimals.text(seconds * 1000, places: 2) }

    /// Seconds with two places and their unit.
    static func seconds(_ seconds: Double) -> String { Decimals.text(seconds, places: 2) + " s" }

    /// Bytes as megabytes.
    static func megabytes(_ bytes: Int?) -> String { bytes.map { Decimals.grouped(Double($0) / 1e6) } ?? "-" }
}
