import Diagnostics
import NeuralNetworks
import Questions
import Tensors

extension Session {
    /// The state at the end of the last completed round; may be taken at any time.
    ///
    /// - Complexity: copies the parameters and the optimizer's running numbers.
    public func snapshot() -> Snapshot {
        var completed = round.number
        // Once it has begun, there is always a round under way.
        if case .starting = phase {} else { completed -= 1 }
        return Snapshot(
            place: place, round: completed, generation: generation, outcome: outcome,
            layout: parameters.layout, parameters: Array(parameters.values.buffer),
            moments: update.optimizer.moments.map { Array($0.buffer) }, optimizerSteps: update.optimizer.steps)
    }

    /// Whether there is nothing left to do.
    public var isFinished: Bool {
        if case .finished = place { true } else { false }
    }

    private var place: Snapshot.Place {
        switch phase {
        case .starting(let place): place
        case .training(let cursor): .training(cursor.position)
        case .validating(let cursor): .validating(cursor.position)
        case .scoring(let splits): .scoring(splits)
        case .searching(let cursor): .searching(cursor.position)
        case .finished: .finished
        }
    }

    /// Takes over the state of a snapshot, before the first worker is there.
    ///
    /// - Throws: `Failure(.data)` if it is none of a session of this question.
    func restore(_ snapshot: Snapshot) throws {
        try check(snapshot)
        parameters.values.copy(snapshot.parameters)
        for (moment, values) in zip(update.optimizer.moments, snapshot.moments) { moment.copy(values) }
        update.optimizer.steps = snapshot.optimizerSteps
        round = Round(number: snapshot.round, kind: .search)
        generation = snapshot.generation
        outcome = snapshot.outcome
        phase = .starting(snapshot.place)
    }

    /// Sees that a snapshot fits, since it may have come from anywhere.
    private func check(_ snapshot: Snapshot) throws {
        func refuse(_ cause: String) -> Failure {
            Failure(.data, "cannot resume \(question.name)", because: cause)
        }
        if let difference = parameters.layout.firstDifference(from: snapshot.layout) { throw refuse(difference) }
        let outcome = snapshot.outcome
        // Counters go on counting; far below the end of their range none of them can overflow.
        let counters = [
            snapshot.optimizerSteps, outcome.steps, outcome.examples, outcome.workersLost, outcome.shardsReissued,
            outcome.staleAnswers, outcome.skippedSteps,
        ]
        guard snapshot.parameters.count == parameters.count,
            snapshot.moments.count == update.optimizer.moments.count,
            snapshot.moments.allSatisfy({ $0.count == parameters.count }),
            counters.allSatisfy({ (0..<1 << 60).contains($0) }),
            snapshot.round < 1 << 60, snapshot.generation < 1 << 60
        else { throw refuse("its numbers do not fit together") }
        guard try isPossible(snapshot.place) else { throw refuse("its place is outside the training") }
    }

    /// Whether a place lies within the training of this question.
    private func isPossible(_ place: Snapshot.Place) throws -> Bool {
        switch (place, question.method) {
        case (.start, _), (.finished, _): true
        case (.training(let position), .gradientDescent), (.validating(let position), .gradientDescent):
            try trainingCursor(at: position) != nil
        case (.scoring(let splits), .gradientDescent): try !splits.isEmpty && splits.allSatisfy(hasExamples)
        case (.searching(let position), .perceptron(let window, let maximumEpochs, let shards)):
            try searchCursor(window, maximumEpochs, shards, at: position) != nil
        default: false
        }
    }

    private func hasExamples(_ split: Split) throws -> Bool { try question.exampleCount(split, in: data) > 0 }

    /// The cursor at a position; nil if there is no such position.
    private func trainingCursor(at position: Snapshot.Position) throws -> TrainingCursor? {
        guard case .gradientDescent(let recipe) = question.method else { return nil }
        let sampler = try question.trainingSampler(data, batchSize: recipe.batchSize, key: key.child("order"))
        var cursor = TrainingCursor(recipe: recipe, sampler: sampler)
        guard (0..<recipe.epochs).contains(position.epoch), (0..<1 << 60).contains(position.termsOfEpoch),
            (0..<Self.mostSkippedInARow).contains(position.skippedInARow)
        else { return nil }
        cursor.epoch = position.epoch
        cursor.order = sampler.order(epoch: position.epoch)
        guard (0..<cursor.order.batchCount).contains(position.batch) else { return nil }
        cursor.batch = position.batch
        cursor.lossOfEpoch = position.lossOfEpoch
        cursor.termsOfEpoch = position.termsOfEpoch
        cursor.skippedInARow = position.skippedInARow
        return cursor
    }

    private func searchCursor(
        _ window: Int, _ maximumEpochs: Int, _ shards: Int, at position: Snapshot.SearchPosition
    ) throws -> SearchCursor? {
        let count = try question.exampleCount(.training, in: data)
        guard (0..<maximumEpochs).contains(position.epoch), (0..<count).contains(position.next),
            (0...position.next).contains(position.mistakesInEpoch)
        else { return nil }
        return SearchCursor(
            count: count, window: window, maximumEpochs: maximumEpochs, shards: shards, next: position.next,
            epoch: position.epoch, mistakesInEpoch: position.mistakesInEpoch)
    }

    /// Goes on at the place of a snapshot, which was checked.
    func resume(at place: Snapshot.Place, _ actions: inout [SessionAction]) throws {
        switch place {
        case .start: try begin(&actions)
        case .training(let position):
            guard let cursor = try trainingCursor(at: position) else { preconditionFailure("an unchecked place") }
            try beginStep(cursor, &actions)
        case .validating(let position):
            guard let cursor = try trainingCursor(at: position) else { preconditionFailure("an unchecked place") }
            phase = .validating(cursor)
            try beginEvaluation(question.goal.validation)
        case .scoring(let splits): try beginScore(splits, &actions)
        case .searching(let position):
            guard case .perceptron(let window, let maximumEpochs, let shards) = question.method,
                let cursor = try searchCursor(window, maximumEpochs, shards, at: position)
            else { preconditionFailure("an unchecked place") }
            try beginSearch(cursor, &actions)
        case .finished: finish(&actions)
        }
    }
}

extension TrainingCursor {
    fileprivate var position: Snapshot.Position {
        Snapshot.Position(
            epoch: epoch, batch: batch, lossOfEpoch: lossOfEpoch, termsOfEpoch: termsOfEpoch,
            skippedInARow: skippedInARow)
    }
}

extension SearchCursor {
    fileprivate var position: Snapshot.SearchPosition {
        Snapshot.SearchPosition(epoch: epoch, next: next, mistakesInEpoch: mistakesInEpoch)
    }
}

extension ParameterVector {
    /// The names and extents of the parameters, in the order of their declaration.
    public var layout: [Snapshot.ParameterLayout] {
        parameters.map { Snapshot.ParameterLayout(name: $0.name, shape: $0.shape.dimensions) }
    }
}

extension [Snapshot.ParameterLayout] {
    /// What is different in another layout, as a clause; nil if it is the same.
    func firstDifference(from other: [Snapshot.ParameterLayout]) -> String? {
        for (mine, its) in zip(self, other) where mine != its {
            return "it has a parameter \(its.name) of shape \(its.shape) where the model has \(mine.name) of "
                + "\(mine.shape)"
        }
        return count == other.count ? nil : "it has \(other.count) parameters, the model has \(count)"
    }
}

extension Storage {
    /// The values, valid until the next `rebind`.
    fileprivate var buffer: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: pointer, count: count) }

    /// Takes over values, as many as there are.
    fileprivate func copy(_ values: [Float]) {
        precondition(values.count == count)
        values.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            pointer.update(from: start, count: count)
        }
    }
}
