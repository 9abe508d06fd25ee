import Questions

/// What came of one question, as a report says it.
public struct QuestionReport: Codable, Sendable, Equatable {
    /// A property that was checked beside the score.
    public struct CheckReport: Codable, Sendable, Equatable {
        /// The property.
        public var name: String
        /// Whether it held.
        public var passed: Bool

        /// Creates the result of a check.
        public init(name: String, passed: Bool) {
            self.name = name
            self.passed = passed
        }
    }

    /// Where the data came from.
    public struct DataReport: Codable, Sendable, Equatable {
        /// The file, or what made the data.
        public var source: String
        /// SHA-256 of the file, in hexadecimal; empty if there is none.
        public var sha256: String
        /// Whether Lockstep made the data up.
        public var synthetic: Bool

        /// Creates a description of data.
        public init(source: String, sha256: String, synthetic: Bool) {
            self.source = source
            self.sha256 = sha256
            self.synthetic = synthetic
        }
    }

    /// Where the time went, in seconds.
    public struct TimeReport: Codable, Sendable, Equatable {
        /// Workers computing.
        @Measured public var compute: Double?
        /// Numbers travelling.
        @Measured public var exchange: Double?
        /// Waiting for the slowest worker.
        @Measured public var wait: Double?
        /// Summing, and the optimizer's step.
        @Measured public var reduce: Double?

        /// Creates a division of time.
        public init(compute: Double?, exchange: Double?, wait: Double?, reduce: Double?) {
            self.compute = compute
            self.exchange = exchange
            self.wait = wait
            self.reduce = reduce
        }
    }

    /// What went wrong on the way and was made good.
    public struct FaultReport: Codable, Sendable, Equatable {
        /// Workers that went away.
        public var workersLost: Int
        /// Shards that were given to another worker.
        public var shardsReissued: Int
        /// Answers that came too late or twice.
        public var staleAnswers: Int
        /// Steps that were left out because loss or gradient was not finite.
        public var skippedSteps: Int

        /// Creates a count of faults.
        public init(workersLost: Int = 0, shardsReissued: Int = 0, staleAnswers: Int = 0, skippedSteps: Int = 0) {
            self.workersLost = workersLost
            self.shardsReissued = shardsReissued
            self.staleAnswers = staleAnswers
            self.skippedSteps = skippedSteps
        }
    }

    /// What the score measures.
    public enum Metric: String, Codable, Sendable {
        /// The fraction of examples predicted right; the threshold is a lower bound.
        case accuracy
        /// The mean loss; the threshold is an upper bound.
        case loss
        /// Only the checks count.
        case checks
    }

    /// The word for it on the command line.
    public var question: String
    /// Whether the threshold was met and every check held.
    public var passed: Bool
    /// The points earned.
    public var points: Int
    /// The points there were to earn.
    public var possiblePoints: Int
    /// What the score measures.
    public var metric: Metric
    /// The score that passes.
    @Measured public var threshold: Double?
    /// The score on the validation examples.
    @Measured public var validation: Double?
    /// The score on the test examples, which decides.
    @Measured public var test: Double?
    /// The score on examples never trained on, where the course's test set was (q5); null elsewhere.
    @Measured public var unseen: Double?
    /// The mean loss of training at the end.
    @Measured public var trainLoss: Double?
    /// What was checked beside the score.
    public var checks: [CheckReport]
    /// Passes over the training examples.
    @Measured public var epochs: Double?
    /// Updates of the parameters.
    public var steps: Int
    /// Seconds from the start of the question to its end.
    @Measured public var seconds: Double?
    /// Seconds until the validation score met the threshold; null if it never did.
    @Measured public var secondsToThreshold: Double?
    /// Training examples a second.
    @Measured public var samplesPerSecond: Double?
    /// The number of workers.
    public var workers: Int
    /// The number of shards of a batch.
    public var shards: Int
    /// The number of examples of a batch; 0 where there are no batches.
    public var batchSize: Int
    /// The number of parameters.
    public var parameterCount: Int
    /// SHA-256 over all parameters as float32 little-endian, in the order of declaration, in hexadecimal.
    public var parametersSHA256: String
    /// Where the data came from.
    public var data: DataReport
    /// Where the time went.
    public var time: TimeReport
    /// What went wrong on the way and was made good.
    public var faults: FaultReport
}
