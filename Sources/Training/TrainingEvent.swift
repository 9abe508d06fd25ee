import Questions

/// What is worth telling of a run, as it happens: the one stream that every display, log and report is fed from.
///
/// Plain values; whoever receives them adds the time.
public enum TrainingEvent: Sendable, Equatable {
    /// A question is about to be trained.
    case started(Start)
    /// The parameters were updated.
    ///
    /// - step: counted from 1.
    /// - totalSteps: the steps the recipe allows; nil if that is not known.
    /// - epoch: passes over the training examples so far.
    /// - loss: the mean over the step's examples.
    /// - examples: how many examples the step took.
    case stepCompleted(step: Int, totalSteps: Int?, epoch: Double, loss: Double, examples: Int)
    /// A split was evaluated.
    case evaluated(step: Int, epoch: Double, split: Split, metric: Goal.Metric, value: Double, threshold: Double)
    /// A worker has answered a piece of work; told only where somebody wants to know.
    case pieceAnswered(Piece)
    /// What there is to see of the model has changed.
    case pictured([Picture])
    /// A worker was admitted.
    case workerJoined(id: Int, host: String, pid: Int)
    /// A worker is gone.
    case workerLost(id: Int, reason: String)
    /// Something a person should know.
    case note(String)
    /// Something a person must know, however little is shown otherwise.
    case warning(String)
    /// The question is trained.
    case finished
    /// The question was scored.
    case graded(Grade)

    /// What is about to be trained, and with what.
    public struct Start: Sendable, Equatable {
        /// The word for the question on the command line.
        public let question: String
        /// What is learned.
        public let title: String
        /// The workers the run was asked to have.
        public let workers: Int
        /// The shards of a batch.
        public let shards: Int
        /// The examples of a step; nil where there are no steps.
        public let batchSize: Int?
        /// The parameters, counted as single numbers.
        public let parameterCount: Int
        /// Where the data came from.
        public let dataSource: String
        /// Whether Lockstep made the data up.
        public let isSynthetic: Bool
        /// What is measured.
        public let metric: Goal.Metric
        /// The score that passes; nil where only checks count.
        public let threshold: Double?

        /// Creates a description.
        public init(
            question: String, title: String, workers: Int, shards: Int, batchSize: Int?, parameterCount: Int,
            dataSource: String, isSynthetic: Bool, metric: Goal.Metric, threshold: Double?
        ) {
            self.question = question
            self.title = title
            self.workers = workers
            self.shards = shards
            self.batchSize = batchSize
            self.parameterCount = parameterCount
            self.dataSource = dataSource
            self.isSynthetic = isSynthetic
            self.metric = metric
            self.threshold = threshold
        }
    }
}
