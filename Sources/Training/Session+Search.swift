import Diagnostics
import Questions

/// A place in the perceptron's passes over the examples.
struct SearchCursor {
    let count: Int
    let window: Int
    let maximumEpochs: Int
    let shards: Int
    /// All examples, in their order.
    let order: [Int32]
    /// The first example that was not yet looked at in this pass.
    var next = 0
    var epoch = 0
    var mistakesInEpoch = 0

    init(
        count: Int, window: Int, maximumEpochs: Int, shards: Int, next: Int = 0, epoch: Int = 0,
        mistakesInEpoch: Int = 0
    ) {
        self.count = count
        self.window = window
        self.maximumEpochs = maximumEpochs
        self.shards = shards
        self.next = next
        self.epoch = epoch
        self.mistakesInEpoch = mistakesInEpoch
        order = Array(0..<Int32(count))
    }
}

extension Session {
    /// Has the next window of examples searched for mistakes with the weights as they are.
    func beginSearch(_ cursor: SearchCursor, _ actions: inout [SessionAction]) throws {
        guard cursor.count > 0 else {
            throw Failure(
                .data, "cannot train \(question.name)", at: data.source, because: "it holds no training examples")
        }
        phase = .searching(cursor)
        round.next(.search)
        firstMistake = nil
        let window = cursor.order[cursor.next..<min(cursor.next + cursor.window, cursor.count)]
        for cut in cuts.cut(window.count, into: cursor.shards, for: divisor) where !cut.examples.isEmpty {
            round.add(
                Work(
                    kind: .search, round: round.number, generation: generation, step: UInt64(outcome.steps),
                    split: .training, shards: cut.run, bounds: cut.bounds, examples: window.part(cut.examples)))
        }
    }

    /// Learns from the first mistake of the window; the next window starts behind it.
    ///
    /// Every example before the first mistake was right with the same weights, so the weights go through exactly the
    /// values of the perceptron that looks at one example at a time.
    func completeSearch(_ cursor: SearchCursor, _ actions: inout [SessionAction]) throws {
        var cursor = cursor
        let before = cursor.next
        if let first = firstMistake {
            model.learn(.training, mistake: first)
            generation += 1
            outcome.steps += 1
            cursor.mistakesInEpoch += 1
            cursor.next = Int(first) + 1
        } else {
            cursor.next = min(cursor.next + cursor.window, cursor.count)
        }
        outcome.examples += cursor.next - before
        outcome.epochs = Double(cursor.epoch) + Double(cursor.next) / Double(cursor.count)
        actions.append(
            .observe(
                .stepCompleted(
                    step: outcome.steps, totalSteps: nil, epoch: outcome.epochs,
                    loss: Double(cursor.mistakesInEpoch) / Double(cursor.next), examples: cursor.next - before)))
        guard cursor.next == cursor.count else { return try beginSearch(cursor, &actions) }

        cursor.epoch += 1
        let accuracy = 1 - Double(cursor.mistakesInEpoch) / Double(cursor.count)
        let goal = question.goal
        for split in Set([goal.validation, goal.test]) {
            outcome.scores[split] = accuracy
        }
        actions.append(
            .observe(
                .evaluated(
                    step: outcome.steps, epoch: outcome.epochs, split: goal.validation, metric: goal.metric,
                    value: accuracy, threshold: goal.threshold)))
        if cursor.mistakesInEpoch == 0 || cursor.epoch == cursor.maximumEpochs { return finish(&actions) }
        cursor.next = 0
        cursor.mistakesInEpoch = 0
        try beginSearch(cursor, &actions)
    }
}
