import Questions
import Training

/// What there is to show of a run at a moment, made from the events so far.
struct ProgressState {
    /// A score of an evaluation.
    struct Score {
        let split: Split
        let metric: Goal.Metric
        let value: Double
        let threshold: Double

        /// Whether the score meets the threshold.
        var passes: Bool { metric == .loss ? value <= threshold : value >= threshold }
    }

    /// What is trained; nil before the first question and after each.
    private(set) var start: TrainingEvent.Start?
    /// The steps made.
    private(set) var step = 0
    /// The steps the recipe allows; nil if that is not known.
    private(set) var totalSteps: Int?
    /// Passes over the training examples so far.
    private(set) var epoch = 0.0
    /// The loss, averaged over about the last twenty steps.
    private(set) var loss: Double?
    /// The last score.
    private(set) var score: Score?
    /// Seconds since the question began, at the last event.
    private(set) var elapsed = 0.0
    private var began = 0.0
    private var examples = Rate()
    private var steps = Rate()

    /// Training examples a second.
    var examplesPerSecond: Double? { examples.perSecond }

    /// The seconds until the recipe ends; nil if that cannot be told.
    var secondsLeft: Double? {
        guard let totalSteps, let rate = steps.perSecond, rate > 0 else { return nil }
        return Double(max(0, totalSteps - step)) / rate
    }

    /// The part of the recipe that is done; nil if that cannot be told.
    var fraction: Double? {
        guard let totalSteps, totalSteps > 0 else { return nil }
        return min(1, Double(step) / Double(totalSteps))
    }

    /// Takes an event in.
    ///
    /// - Parameter seconds: when it came, by any monotonic clock.
    mutating func receive(_ event: TrainingEvent, at seconds: Double) {
        switch event {
        case .started(let start):
            self = ProgressState()
            self.start = start
            began = seconds
            examples.start(at: seconds)
            steps.start(at: seconds)
        case .stepCompleted(let step, let totalSteps, let epoch, let loss, let examples):
            self.step = step
            self.totalSteps = totalSteps
            self.epoch = epoch
            self.loss = self.loss.map { $0.isFinite && loss.isFinite ? 0.95 * $0 + 0.05 * loss : loss } ?? loss
            self.examples.add(Double(examples), at: seconds)
            steps.add(1, at: seconds)
        case .evaluated(_, let epoch, let split, let metric, let value, let threshold):
            self.epoch = epoch
            score = Score(split: split, metric: metric, value: value, threshold: threshold)
        case .finished:
            self = ProgressState()
            return
        case .workerJoined, .workerLost, .note, .warning, .pieceAnswered, .pictured, .graded:
            break
        }
        elapsed = seconds - began
    }
}
