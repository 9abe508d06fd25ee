import Questions
import Training

/// The state of a session without its arrays, as it is written in JSON.
struct CheckpointRecord: Codable {
    var place: String
    var epoch: Int?
    var batch: Int?
    var lossOfEpoch: Double?
    var termsOfEpoch: Int?
    /// Nil in files of builds that did not keep it.
    var skippedInARow: Int?
    var next: Int?
    var mistakesInEpoch: Int?
    var splits: [String]?
    var round: UInt64
    var generation: UInt64
    var optimizerSteps: Int
    var scores: [String: Double]
    var trainLoss: Double?
    var epochs: Double
    var steps: Int
    var examples: Int
    var workersLost: Int
    var shardsReissued: Int
    var staleAnswers: Int
    /// Nil in files of builds that did not keep it.
    var skippedSteps: Int?
    var seconds: Double
    var secondsToThreshold: Double?

    /// Writes down a checkpoint.
    init(_ checkpoint: Checkpoint) {
        let snapshot = checkpoint.snapshot
        place = snapshot.place.word
        round = snapshot.round
        generation = snapshot.generation
        optimizerSteps = snapshot.optimizerSteps
        let outcome = snapshot.outcome
        scores = Dictionary(uniqueKeysWithValues: outcome.scores.map { ($0.key.word, $0.value) })
        trainLoss = outcome.trainLoss
        epochs = outcome.epochs
        steps = outcome.steps
        examples = outcome.examples
        workersLost = outcome.workersLost
        shardsReissued = outcome.shardsReissued
        staleAnswers = outcome.staleAnswers
        skippedSteps = outcome.skippedSteps
        seconds = checkpoint.seconds
        secondsToThreshold = checkpoint.secondsToThreshold
        switch snapshot.place {
        case .start, .finished: break
        case .training(let position), .validating(let position):
            epoch = position.epoch
            batch = position.batch
            lossOfEpoch = position.lossOfEpoch
            termsOfEpoch = position.termsOfEpoch
            skippedInARow = position.skippedInARow
        case .searching(let position):
            epoch = position.epoch
            next = position.next
            mistakesInEpoch = position.mistakesInEpoch
        case .scoring(let left): splits = left.map(\.word)
        }
    }

    /// The place that is written; nil if it is none.
    var snapshotPlace: Snapshot.Place? {
        switch place {
        case "start": return .start
        case "finished": return .finished
        case "training": return position.map(Snapshot.Place.training)
        case "validating": return position.map(Snapshot.Place.validating)
        case "scoring":
            let known = (splits ?? []).compactMap(Split.init(word:))
            return known.count == splits?.count ? .scoring(known) : nil
        case "searching":
            guard let epoch, let next, let mistakesInEpoch else { return nil }
            return .searching(Snapshot.SearchPosition(epoch: epoch, next: next, mistakesInEpoch: mistakesInEpoch))
        default: return nil
        }
    }

    private var position: Snapshot.Position? {
        guard let epoch, let batch, let lossOfEpoch, let termsOfEpoch else { return nil }
        return Snapshot.Position(
            epoch: epoch, batch: batch, lossOfEpoch: lossOfEpoch, termsOfEpoch: termsOfEpoch,
            skippedInARow: skippedInARow ?? 0)
    }

    /// The outcome that is written; nil if it names a split there is not.
    var outcome: Outcome? {
        var outcome = Outcome()
        for (word, score) in scores {
            guard let split = Split(word: word) else { return nil }
            outcome.scores[split] = score
        }
        outcome.trainLoss = trainLoss
        outcome.epochs = epochs
        outcome.steps = steps
        outcome.examples = examples
        outcome.workersLost = workersLost
        outcome.shardsReissued = shardsReissued
        outcome.staleAnswers = staleAnswers
        outcome.skippedSteps = skippedSteps ?? 0
        return outcome
    }
}

extension Snapshot.Place {
    fileprivate var word: String {
        switch self {
        case .start: "start"
        case .training: "training"
        case .validating: "validating"
        case .scoring: "scoring"
        case .searching: "searching"
        case .finished: "finished"
        }
    }
}

extension Split {
    fileprivate var word: String {
        switch self {
        case .training: "training"
        case .validation: "validation"
        case .test: "test"
        case .unseen: "unseen"
        }
    }

    fileprivate init?(word: String) {
        guard let split = Split.allCases.first(where: { $0.word == word }) else { return nil }
        self = split
    }
}
