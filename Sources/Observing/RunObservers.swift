import Questions
import Training

/// All who follow a run.
///
/// Not thread-safe: the coordinator's main thread owns it.
public final class RunObservers {
    private let observers: [any RunObserver]
    private let clock: RunClock
    private var schedule = PictureSchedule()

    /// Gathers observers; a run without any pays nothing.
    public init(_ observers: [any RunObserver], clock: RunClock = RunClock()) {
        self.observers = observers
        self.clock = clock
    }

    /// Whether somebody wants to be told of every answered piece of work.
    public var wantPieces: Bool { observers.contains { $0.wantsPieces } }

    /// Whether somebody shows pictures at all: then there is one when a question begins and one when it ends.
    public var showPictures: Bool { observers.contains { $0.showsPictures } }

    /// Whether a picture is due: somebody looks, and the last ones did not take too much time.
    public var wantPicture: Bool {
        // The clock is only read where somebody looks.
        observers.contains { $0.isWatched } && schedule.isDue(at: clock.now.seconds)
    }

    /// Makes pictures, takes the time that takes, and tells of them.
    public func show(_ pictures: () throws -> [Picture]) rethrows {
        let start = clock.now.seconds
        defer { schedule.showed(from: start, to: clock.now.seconds) }
        let made = try pictures()
        if !made.isEmpty { observe(.pictured(made)) }
    }

    /// The same in the midst of training, which does not end because there is nothing to see.
    public func tryToShow(_ pictures: () throws -> [Picture]) {
        do {
            try show(pictures)
        } catch {
            observe(.note("no picture: \(error)"))
        }
    }

    /// Tells everybody of an event.
    public func observe(_ event: TrainingEvent) {
        guard !observers.isEmpty else { return }
        let moment = clock.now
        for observer in observers { observer.observe(event, at: moment) }
    }

    /// Has everybody write what remains.
    ///
    /// - Throws: the first `Failure` there was; all others have finished nevertheless.
    public func finish(failure: String? = nil) throws {
        let moment = clock.now
        var first: (any Error)?
        for observer in observers {
            do {
                try observer.finish(at: moment, failure: failure)
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }
}
