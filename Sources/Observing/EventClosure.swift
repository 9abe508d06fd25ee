import Training

/// An observer that is one closure.
public final class EventClosure: RunObserver {
    private let body: (TrainingEvent) -> Void

    /// Creates an observer that calls `body` with every event.
    public init(_ body: @escaping (TrainingEvent) -> Void) { self.body = body }

    /// Calls the closure.
    public func observe(_ event: TrainingEvent, at moment: Moment) { body(event) }
}
