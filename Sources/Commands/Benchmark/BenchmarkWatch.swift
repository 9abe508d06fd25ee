import Diagnostics
import Exchange
import Questions
import Training

/// Takes the time of the counted steps of a run from its events.
struct BenchmarkWatch {
    /// What there is to see at one moment.
    private struct Reading {
        let instant = ContinuousClock.now
        let time: RoundClock
    }

    private let subject: BenchmarkSubject
    private let began = ContinuousClock.now
    private var examples = 0
    private var losses: [Double] = []
    private var firstStep: ContinuousClock.Instant?
    private var start: Reading?
    private var end: Reading?
    private var peakBytes: Int?

    /// A watch over a run that is about to begin.
    init(_ subject: BenchmarkSubject) {
        self.subject = subject
        losses.reserveCapacity(subject.steps)
    }

    /// Takes note of an event.
    ///
    /// - Parameters:
    ///   - processes: asked at the last step for the processes whose memory counts, besides this one.
    ///   - time: asked for what the run's own clock shows.
    mutating func observe(_ event: TrainingEvent, processes: () -> [Int32], time: () -> RoundClock) {
        guard case .stepCompleted(let step, _, _, let loss, let examples) = event else { return }
        losses.append(loss)
        if step == 1 { firstStep = .now }
        if step > subject.warmUpSteps { self.examples += examples }
        if step == subject.warmUpSteps { start = Reading(time: time()) }
        if step == subject.steps {
            end = Reading(time: time())
            peakBytes = ProcessMemory.peak(of: processes())
        }
    }

    /// What was measured.
    ///
    /// - Throws: `Failure(.usage)` if the recipe ended before all steps were made.
    func sample(parametersSHA256: String, hasExchange: Bool) throws -> BenchmarkSample {
        guard let start, let end, let firstStep else {
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
            parametersSHA256: parametersSHA256, losses: losses, firstStep: (firstStep - began).seconds,
            peakBytes: peakBytes,
            allocations: start.time.allocations.flatMap { before in
                end.time.allocations.map { Double($0 - before) / count }
            })
    }
}
