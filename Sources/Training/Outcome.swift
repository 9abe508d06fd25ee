import Questions

/// What came of the training of one question.
public struct Outcome: Sendable, Equatable {
    /// The score by split, of the final parameters: a fraction of right predictions, or a mean loss.
    public var scores: [Split: Double] = [:]
    /// The mean training loss over the last epoch; nil if nothing was trained by gradients.
    public var trainLoss: Double?
    /// The passes over the training examples.
    public var epochs = 0.0
    /// The number of updates of the parameters.
    public var steps = 0
    /// The examples computed for gradients or searched.
    public var examples = 0
    /// Workers that went away while the question was trained.
    public var workersLost = 0
    /// Shards that were given to another worker because theirs went away.
    public var shardsReissued = 0
    /// Answers that came too late or twice, and were dropped.
    public var staleAnswers = 0
    /// Steps that left the parameters as they were, because loss or gradient was not finite.
    public var skippedSteps = 0

    /// Nothing yet.
    public init() {}
}
