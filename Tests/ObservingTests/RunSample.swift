import Questions
import Training

@testable import Observing

/// A run made up event by event, whose clock is set by hand.
struct RunSample {
    let clock = RunClock()
    private let origin: ContinuousClock.Instant

    init() { origin = .now }

    /// The moment some seconds behind the beginning.
    func moment(_ seconds: Double) -> Moment { clock.moment(of: instant(seconds)) }

    /// The instant some seconds behind the beginning.
    func instant(_ seconds: Double) -> ContinuousClock.Instant { origin + .seconds(seconds) }

    /// A question begins.
    func started(_ question: String = "q3") -> TrainingEvent {
        .started(
            TrainingEvent.Start(
                question: question, title: "digits", workers: 2, shards: 4, batchSize: 128, parameterCount: 203_530,
                dataSource: "mnist.npz", isSynthetic: false, metric: .accuracy, threshold: 0.97))
    }

    /// A step is done.
    func step(_ step: Int, loss: Double = 0.5) -> TrainingEvent {
        .stepCompleted(step: step, totalSteps: 100, epoch: Double(step) / 50, loss: loss, examples: 128)
    }

    /// A piece of work is answered.
    func piece(
        _ worker: Int, _ kind: Work.Kind = .gradient, round: Int, from assigned: Double, to answered: Double,
        computing seconds: Double
    ) -> TrainingEvent {
        .pieceAnswered(
            TrainingEvent.Piece(
                worker: worker, kind: kind, round: round, shards: worker * 2 - 2..<worker * 2, examples: 64,
                assigned: instant(assigned), answered: instant(answered), computeSeconds: seconds))
    }

    /// A score.
    func evaluated(_ value: Double, step: Int = 50, _ split: Split = .validation) -> TrainingEvent {
        .evaluated(step: step, epoch: 1, split: split, metric: .accuracy, value: value, threshold: 0.97)
    }
}
