import Training

/// Somebody who follows a run from its one stream of events: a display, a log, a file for another tool.
///
/// Called on the coordinator's main thread, between two steps; what takes long belongs on a thread of its own.
public protocol RunObserver: AnyObject {
    /// Whether it wants to be told of every answered piece of work.
    var wantsPieces: Bool { get }

    /// Whether it shows pictures at all.
    var showsPictures: Bool { get }

    /// Whether somebody looks at pictures now.
    var isWatched: Bool { get }

    /// Takes an event in.
    ///
    /// It must not throw: that a log cannot be written is no reason to stop training. `finish` tells of it.
    func observe(_ event: TrainingEvent, at moment: Moment)

    /// Writes what remains, when nothing happens any more.
    ///
    /// - Parameter failure: why the run failed, in one line; nil if it ended well.
    /// - Throws: `Failure` for the first thing that could not be written, now or earlier.
    func finish(at moment: Moment, failure: String?) throws
}

extension RunObserver {
    /// No pieces.
    public var wantsPieces: Bool { false }

    /// No pictures.
    public var showsPictures: Bool { false }

    /// Nobody.
    public var isWatched: Bool { false }

    /// Nothing remains.
    public func finish(at moment: Moment, failure: String?) throws {}
}
