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
    static let name = "check-dependencies"

    private let clock: RunClock
    private let observer: any RunObserver

    /// A line to be shown by an observer.
    ///
    /// - Parameter clock: the clock that the observer was made with.
    init(to observer: any RunObserver, clock: RunClock) {
        self.observer = observer
        self.clock = clock
    }

    /// Serves a page in which the line turns, ten pictures a second.
    ///
    /// - Parameters:
    ///   - version: the version of Lockstep.
    ///   - seconds: how long; nil until it is interrupted.
    ///   - isInterrupted: asked before each picture.
    /// - Throws: `Failure(.workers)` if the server cannot be started.
    public static func show(
        at listener: DashboardListener, version: String, seconds: Double? = nil, isInterrupted: () -> Bool
    ) throws {
        let clock = RunClock()
        let dashboard = Dashboard(version: version, seed: 0, wanted: [name], clock: clock)
        try dashboard.serve(at: listener)
        try TurningLine(to: dashboard, clock: clock).run(seconds: seconds, isInterrupted: isInterrupted)
    }

    /// Turns the line.
    ///
    /// - Throws: what the observer's `finish` throws.
    func run(seconds: Double? = nil, isInterrupted: () -> Bool) throws {
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
