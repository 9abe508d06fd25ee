import Questions
import Training

@testable import Observing

/// Any events that a run might tell, in an order that it might tell them in.
struct RandomEvents {
    private let clock: RunClock
    private var generator: SeededGenerator
    private var seconds = 0.0
    private var step = 0
    private var workers = 0
    private var question = 0

    init(clock: RunClock, seed: UInt64) {
        self.clock = clock
        generator = SeededGenerator(seed: seed ^ 0xFEED)
    }

    /// The moment of the last event.
    var moment: Moment { Moment(seconds: seconds, unixTime: seconds) }

    /// The next event.
    mutating func next() -> (TrainingEvent, Moment) {
        seconds += Double.random(in: 0...0.1, using: &generator)
        return (event(), moment)
    }

    private mutating func event() -> TrainingEvent {
        if question == 0 { return begin() }
        switch Int.random(in: 0..<200, using: &generator) {
        case 0..<130:
            step += 1
            let isFinite = Int.random(in: 0..<100, using: &generator) > 0
            let loss = isFinite ? Double.random(in: 0...3, using: &generator) : .nan
            return .step(step, loss: loss, total: Bool.random(using: &generator) ? nil : 5000)
        case 130..<160: return .pieceAnswered(piece())
        case 160..<170:
            return .evaluated(
                step: step, epoch: Double(step) / 50, split: Split.allCases.randomElement(using: &generator) ?? .test,
                metric: .accuracy, value: Double.random(in: 0...1, using: &generator), threshold: 0.97)
        case 170..<175: return .pictured(pictures())
        case 175..<182:
            workers += 1
            return .workerJoined(
                id: workers, host: "host <\(workers % 3)>", pid: Int.random(in: 1...5, using: &generator))
        case 182..<187:
            return .workerLost(id: Int.random(in: 0...workers, using: &generator), reason: "it left\n")
        case 187..<193: return .note("a note: \"\\\u{0}\u{7F}é\u{1F600}</script>\" \(step)")
        case 193..<197: return .warning("a warning \(step)")
        case 197: return .finished
        case 198: return .grade("q\(question)")
        default: return question < 3 && step > 1500 ? begin() : .note("nothing")
        }
    }

    private mutating func begin() -> TrainingEvent {
        question += 1
        step = Bool.random(using: &generator) ? 0 : 700
        return .start("q\(question)", threshold: Bool.random(using: &generator) ? nil : 0.97)
    }

    private mutating func piece() -> TrainingEvent.Piece {
        let took = Double.random(in: 0...3, using: &generator)
        let first = Int.random(in: 0..<4, using: &generator)
        return TrainingEvent.Piece(
            worker: Int.random(in: 0...workers, using: &generator),
            kind: [.gradient, .evaluation, .search].randomElement(using: &generator) ?? .gradient, round: step,
            shards: first..<first + 1, examples: 32, assigned: clock.instant(seconds - took),
            answered: clock.instant(seconds), computeSeconds: Double.random(in: 0...took, using: &generator))
    }

    private mutating func pictures() -> [Picture] {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: [.curve(x: [0, 1], truth: [0.5, .nan], learned: [Float(step), 1e-20])]
        case 1: [.digits([Picture.Digit(pixels: [1, 2, 3, 250], label: 1, guess: 2, probability: 0.25)])]
        case 2: [.text("<b>&\"\n"), .attention(size: 1, weights: [1])]
        default: []
        }
    }
}
