import Diagnostics
import Exchange
import Questions
import Training

/// Takes the time of the counted steps of a run from its events.
struct BenchmarkWatch {
    private let subject: BenchmarkSubject
    private var examples = 0
    private var start: (instant: ContinuousClock.Instant, time: RoundClock)?
    private var end: (instant: ContinuousClock.Instant, time: RoundClock)?

    /// A watch over a run that is about to begin.
    init(_ subject: BenchmarkSubject) {
        self.subject = subject
    }

    /// Takes note of an event; `time` is asked for what the run's own clock shows.
    mutating func observe(_ event: TrainingEvent, time: () -> RoundClock) {
        guard case .stepCompleted(let step, _, _, _, let examples) = event else { return }
        if step > subject.warmUpSteps { self.examples += examples }
        if step == subject.warmUpSteps { start = (.now, time()) }
        if step == subject.steps { end = (.now, time()) }
    }

    /// What was measured.
    ///
    /// - Throws: `Failure(.usage)` if the recipe ended before all steps were made.
    func sample(parametersSHA256: String, hasExchange: Bool) throws -> BenchmarkSample {
        guard let start, let end else {
            throw Failure(
                .usage, "too many steps", at: "--steps \(subject.steps)",
                because: "the recipe of \(subject.question.name) makes fewer", remedy: "take fewer, or --set epochs=N")
        }
        let count = Double(subject.countedSteps)
        func perStep(_ part: (RoundClock) -> Double) -> Double { (part(end.time) - part(start.time)) / count }
        return BenchmarkSample(
            step: (end.instant - start.instant).seconds / count, examples: Double(examples) / count,
            parts: hasExchange
                ? BenchmarkSample.Parts(
                    compute: perStep(\.compute), exchange: perStep(\.exchange), wait: perStep(\.wait),
                    reduce: perStep(\.reduce)) : nil,
            parametersSHA256: parametersSHA256,
            allocations: start.time.allocations.flatMap { before in
                end.time.allocations.map { Double($0 - before) / count }
            })
    }
}
