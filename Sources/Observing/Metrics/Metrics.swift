import Synchronization
import Training

/// Counts what happens in a run, for Prometheus.
///
/// `text()` may be called on any thread.
public final class Metrics: RunObserver, Sendable {
    private let state: Mutex<MetricsState>

    /// Nothing counted yet.
    ///
    /// - Parameters:
    ///   - version: of the program.
    ///   - clock: the one by which events are told.
    public init(version: String, clock: RunClock) {
        state = Mutex(MetricsState(version: version, clock: clock))
    }

    /// How long workers compute is told by the pieces.
    public var wantsPieces: Bool { true }

    /// Counts an event.
    public func observe(_ event: TrainingEvent, at moment: Moment) {
        state.withLock { $0.receive(event, at: moment.seconds) }
    }

    /// Everything counted so far, in the text format of Prometheus, version 0.0.4.
    public func text() -> String { state.withLock { $0.text } }
}
