import Datasets
import Questions

extension Session {
    /// Cuts a split into chunks that any free worker may take.
    func beginEvaluation(_ split: Split) throws {
        round.next(.evaluation)
        evaluated = [:]
        let order = try question.evaluationOrder(split, in: data)
        for chunk in 0..<order.batchCount where !order[chunk].isEmpty {
            let examples = order[chunk]
            round.add(
                Work(
                    kind: .evaluation, round: round.number, generation: generation, step: 0, split: split,
                    shards: chunk..<chunk + 1, bounds: [0, Int32(examples.count)], examples: examples))
        }
    }

    /// The score over all chunks: integer counts, and losses added in the order of the chunks.
    private func score() -> Double {
        var sum = Partial()
        for chunk in evaluated.keys.sorted() { sum.addCounts(evaluated[chunk].unsafelyUnwrapped) }
        return question.goal.metric == .accuracy
            ? Double(sum.correct) / Double(max(sum.terms, 1)) : sum.loss / Double(max(sum.terms, 1))
    }

    /// Records a score and tells observers.
    private func record(_ split: Split, _ actions: inout [SessionAction]) -> Double {
        let score = score()
        outcome.scores[split] = score
        actions.append(
            .observe(
                .evaluated(
                    step: outcome.steps, epoch: outcome.epochs, split: split, metric: question.goal.metric,
                    value: score,
                    threshold: question.goal.threshold)))
        return score
    }

    /// Goes on with training, or stops early if the recipe's target is reached.
    func completeValidation(_ cursor: TrainingCursor, _ actions: inout [SessionAction]) throws {
        let score = record(question.goal.validation, &actions)
        if let target = cursor.recipe.target, question.goal.passes(score, bound: target) {
            // The parameters have not changed since, so this split need not be scored again.
            try beginScores(excluding: question.goal.validation, &actions)
        } else {
            try beginStep(cursor, &actions)
        }
    }

    /// Starts the evaluations of the final parameters.
    func beginScores(excluding known: Split? = nil, _ actions: inout [SessionAction]) throws {
        let goal = question.goal
        var splits: [Split] = []
        for split in [goal.validation, goal.test] + goal.others where split != known && !splits.contains(split) {
            if try question.exampleCount(split, in: data) > 0 { splits.append(split) }
        }
        try beginScore(splits, &actions)
    }

    /// Evaluates the splits that are left, one after another.
    func beginScore(_ splits: [Split], _ actions: inout [SessionAction]) throws {
        guard let next = splits.first else { return finish(&actions) }
        phase = .scoring(splits)
        try beginEvaluation(next)
    }

    /// Records the score of one split and goes on to the next.
    func completeScore(_ splits: [Split], _ actions: inout [SessionAction]) throws {
        _ = record(splits[0], &actions)
        try beginScore(Array(splits.dropFirst()), &actions)
    }
}
