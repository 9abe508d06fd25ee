import Diagnostics
import NeuralNetworks

/// What a worker contributed to a step, as far as it matters if the step is of no use.
struct Contribution {
    let worker: WorkerID
    let isFinite: Bool
}

/// Steps whose loss or gradient is not finite never reach the parameters.
///
/// Such a step is computed a second time, since a worker's fault may have been the cause, and then the result is what
/// it would have been without the fault. If it is not finite again the cause lies in the numbers: the step is skipped,
/// which is the same for every number of workers.
///
/// A snapshot holds how many were skipped in a row, since that decides whether the run goes on. It does not hold that a
/// step is at its second attempt: a resumed run makes a first attempt anew. Whatever attempt is finite gives the same
/// bits, and numbers that are not finite by themselves are so at every attempt, so the result is the same; a worker's
/// fault only gets another chance to be made good.
extension Session {
    /// The number of skipped steps in a row that ends the training.
    static let mostSkippedInARow = 3

    /// Notes who computed a part of the step under way.
    func note(_ partial: Partial, of worker: WorkerID) {
        var isFinite = partial.loss.isFinite
        // Reading the gradients once more costs time, so it is done only where the cause is looked for.
        if case .training(let cursor) = phase, cursor.isSecondAttempt, let gradient = partial.gradient {
            isFinite = isFinite && gradientNorm(gradient.pointer, count: gradient.count).isFinite
        }
        contributions.append(Contribution(worker: worker, isFinite: isFinite))
    }

    /// Has the step computed anew, or skips it.
    ///
    /// - Parameter culprit: what was not finite.
    /// - Throws: `Failure(.diverged)` when too many were skipped in a row.
    func completeUnusable(
        _ cursor: TrainingCursor, because culprit: String, _ actions: inout [SessionAction]
    ) throws {
        var cursor = cursor
        let step = cursor.step
        guard cursor.isSecondAttempt else {
            cursor.isSecondAttempt = true
            say("step \(step): the \(culprit) of \(suspects) is not finite; it is computed anew", &actions)
            return try beginStep(cursor, &actions)
        }
        outcome.skippedSteps += 1
        cursor.skippedInARow += 1
        say("step \(step): the \(culprit) of \(suspects) is not finite again; the step is skipped", &actions)
        guard cursor.skippedInARow < Self.mostSkippedInARow else {
            throw Failure(
                .diverged, "training of \(question.name) diverged", at: "step \(step)",
                because:
                    "the \(culprit) of \(suspects) was not finite, as in the \(cursor.skippedInARow - 1) steps before",
                remedy: "try a smaller learningRate")
        }
        let epochEnded = advance(&cursor)
        try goOn(cursor, epochEnded: epochEnded, &actions)
    }

    /// The workers that found what is not finite, or all that took part if that is not known.
    private var suspects: String {
        let found = contributions.filter { !$0.isFinite }
        let workers = Set((found.isEmpty ? contributions : found).map(\.worker.number)).sorted()
        return (workers.count == 1 ? "worker " : "workers ") + workers.map { "\($0)" }.joined(separator: ", ")
    }

    private func say(_ text: String, _ actions: inout [SessionAction]) {
        actions.append(.observe(.note(text)))
    }
}
