import Glibc
import Questions
import Training

/// A line that turns in a circle, to prove that pictures work.
public struct TurningLine {
    /// The seconds between two pictures.
    static let interval = 0.1
    /// The seconds of a whole turn.
    static let turn = 4.0

    /// The word that the page shows in place of a question.
    public static let name = "check-dependencies"

    private let clock: RunClock
    private let observer: any RunObserver

    /// A line to be shown by an observer.
    ///
    /// - Parameter clock: the clock that the observer was made with.
    public init(to observer: any RunObserver, clock: RunClock) {
        self.observer = observer
        self.clock = clock
    }

    /// Turns the line, ten pictures a second.
    ///
    /// - Parameters:
    ///   - seconds: how long; nil for ever.
    ///   - isInterrupted: asked before each picture.
    /// - Throws: what the observer's `finish` throws.
    public func run(seconds: Double? = nil, isInterrupted: () -> Bool) throws {
        let start = clock.now.seconds
        observe(
            .started(
                TrainingEvent.Start(
                    question: Self.name, title: "Pictures work if this line turns", workers: 0, shards: 0,
                    batchSize: nil, parameterCount: 0, dataSource: "", isSynthetic: false, metric: .checks,
                    threshold: nil)))
        while !isInterrupted() {
            let passed = clock.now.seconds - start
            if let seconds, passed >= seconds { break }
            let angle = passed.truncatingRemainder(dividingBy: Self.turn) / Self.turn * 2 * Double.pi
            observe(.pictured([.line(angle: Float(angle))]))
            usleep(UInt32(Self.interval * 1e6))
        }
        observe(.finished)
        try observer.finish(at: clock.now, failure: nil)
    }

    private func observe(_ event: TrainingEvent) { observer.observe(event, at: clock.now) }
}
