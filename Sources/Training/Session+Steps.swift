import Datasets
import Diagnostics
import NeuralNetworks
import Questions
import Tensors

/// A place in the training: which step of which epoch is next.
struct TrainingCursor {
    let recipe: Recipe
    let sampler: any Sampler
    let totalSteps: Int
    private let schedule: Schedule
    var epoch = 0
    var batch = 0
    var order: EpochOrder
    var lossOfEpoch = 0.0
    var termsOfEpoch = 0
    /// Whether the step is computed a second time, because it was not finite the first time.
    var isSecondAttempt = false
    /// How many steps were skipped one after the other.
    var skippedInARow = 0

    init(recipe: Recipe, sampler: any Sampler) {
        self.recipe = recipe
        self.sampler = sampler
        order = sampler.order(epoch: 0)
        totalSteps = order.batchCount * recipe.epochs
        schedule = recipe.rates
    }

    /// The learning rate of the step that is next.
    var rate: Float { schedule.rate(step: step, of: totalSteps, base: Float(recipe.learningRate)) }

    /// The step that is next, counted from 0 over all epochs.
    var step: Int { epoch * order.batchCount + batch }

    /// The passes over the examples made so far.
    var epochsDone: Double { Double(epoch) + Double(batch) / Double(max(order.batchCount, 1)) }

    /// Goes to the next batch; true if an epoch has ended.
    mutating func advance() -> Bool {
        batch += 1
        guard batch == order.batchCount else { return false }
        batch = 0
        epoch += 1
        order = sampler.order(epoch: epoch)
        return true
    }
}

extension Session {
    /// Cuts the next batch into shards, and the shards into runs for the workers there are.
    func beginStep(_ cursor: TrainingCursor, _ actions: inout [SessionAction]) throws {
        guard cursor.totalSteps > 0 else {
            throw Failure(
                .data, "cannot train \(question.name)", at: data.source, because: "it holds no training examples")
        }
        phase = .training(cursor)
        round.next(.gradient)
        let shards = cursor.recipe.shards
        reduction.restart(shards: shards)
        contributions.removeAll(keepingCapacity: true)
        let batch = cursor.order[cursor.batch]
        for cut in cuts.cut(batch.count, into: shards, for: divisor) {
            if cut.examples.isEmpty {
                reduction.insert(Partial(), run: cut.run)
            } else {
                round.add(
                    Work(
                        kind: .gradient, round: round.number, generation: generation, step: UInt64(cursor.step),
                        split: .training, shards: cut.run, bounds: cut.bounds, examples: batch.part(cut.examples)))
            }
        }
    }

    /// Makes the optimizer's step with the sum over all shards.
    func completeStep(_ cursor: TrainingCursor, _ actions: inout [SessionAction]) throws {
        guard let sum = reduction.total else { preconditionFailure("a completed step without a sum") }
        var cursor = cursor
        let loss = sum.loss / Double(sum.terms)
        var scale = 1 / Double(sum.terms)
        // The norm is of the mean gradient; it is not finite as soon as one number is not.
        let norm = update.sum(reduction) * scale
        guard loss.isFinite, norm.isFinite else {
            return try completeUnusable(cursor, because: loss.isFinite ? "gradient" : "loss", &actions)
        }
        if let bound = cursor.recipe.clipNorm { scale *= clippingFactor(norm: norm, maximum: bound) }
        update.apply(rate: cursor.rate, scale: Float(scale))
        generation += 1
        outcome.steps += 1
        cursor.lossOfEpoch += sum.loss
        cursor.termsOfEpoch += sum.terms
        cursor.skippedInARow = 0
        let examples = cursor.order[cursor.batch].count
        let epochEnded = advance(&cursor)
        actions.append(
            .observe(
                .stepCompleted(
                    step: outcome.steps, totalSteps: cursor.totalSteps, epoch: outcome.epochs, loss: loss,
                    examples: examples)))
        if outcome.steps == stepLimit { return finish(&actions) }
        try goOn(cursor, epochEnded: epochEnded, &actions)
    }

    /// Goes to the next batch, whether or not this one moved the parameters; true if an epoch has ended.
    func advance(_ cursor: inout TrainingCursor) -> Bool {
        outcome.examples += cursor.order[cursor.batch].count
        cursor.isSecondAttempt = false
        let epochEnded = cursor.advance()
        outcome.epochs = cursor.epochsDone
        return epochEnded
    }

    /// Begins what follows a step: the next one, an evaluation, or the scores at the end.
    func goOn(_ cursor: TrainingCursor, epochEnded: Bool, _ actions: inout [SessionAction]) throws {
        var cursor = cursor
        guard epochEnded else { return try beginStep(cursor, &actions) }
        if cursor.termsOfEpoch > 0 { outcome.trainLoss = cursor.lossOfEpoch / Double(cursor.termsOfEpoch) }
        cursor.lossOfEpoch = 0
        cursor.termsOfEpoch = 0
        if cursor.epoch == cursor.recipe.epochs {
            if stepLimit == nil { try beginScores(&actions) } else { finish(&actions) }
        } else if stepLimit == nil, cursor.epoch % cursor.recipe.evaluationInterval == 0 {
            phase = .validating(cursor)
            try beginEvaluation(question.goal.validation)
        } else {
            try beginStep(cursor, &actions)
        }
    }
}

extension Recipe {
    /// The optimizer the recipe names, with fresh state.
    func makeOptimizer(parameterCount: Int) -> any Optimizer {
        switch optimizer {
        case .sgd:
            SGD(parameterCount: parameterCount, momentum: Float(momentum), weightDecay: Float(weightDecay))
        case .adam: Adam(parameterCount: parameterCount, weightDecay: Float(weightDecay))
        case .adamw: AdamW(parameterCount: parameterCount, weightDecay: Float(weightDecay))
        }
    }

    /// The schedule the recipe names.
    var rates: Schedule {
        switch schedule {
        case .constant: .constant
        case .cosine: .cosine()
        case .oneCycle: .oneCycle()
        }
    }

    /// The learning rate of a step, counted from 0.
    public func rate(step: Int, of total: Int) -> Float {
        rates.rate(step: step, of: total, base: Float(learningRate))
    }
}

extension ArraySlice {
    /// The elements at some places, counted from the first.
    func part(_ places: Range<Int>) -> ArraySlice {
        self[startIndex + places.lowerBound..<startIndex + places.upperBound]
    }
}
