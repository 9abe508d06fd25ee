import Diagnostics
import Questions
import Synchronization
import Training

/// Shows a run in a browser, while it goes on and, in a file, afterwards.
///
/// Feed it every event. What the page shows is kept as it happens; it is encoded on a thread of its own, and only while
/// somebody looks.
public final class Dashboard: RunObserver {
    /// How long the end of a run waits for the pages that are open to have the last change.
    static let farewell = Duration.milliseconds(500)

    /// A model that two threads share.
    private final class SharedModel: Sendable {
        let model: Mutex<RunModel>

        init(_ model: RunModel) { self.model = Mutex(model) }

        /// What has changed, and everything, as JSON; encoded when the lock is open again.
        func text(wantsChange: Bool, wantsState: Bool) -> DashboardFeed.Text {
            let (isNew, change, state) = model.withLock { model in
                let isNew = model.hasChanged
                let change = isNew ? model.takeChange() : nil
                return (isNew, change, wantsState ? model.state : nil)
            }
            return DashboardFeed.Text(change: wantsChange ? change?.json : nil, state: state?.json, isNew: isNew)
        }
    }

    private let shared: SharedModel
    private let feed: DashboardFeed
    private let metrics: (@Sendable () -> String)?
    private let keep: (([UInt8]) throws -> Void)?
    private var server: DashboardServer?

    /// Prepares to show a run that begins now.
    ///
    /// - Parameters:
    ///   - version: the version of Lockstep.
    ///   - wanted: the questions to be trained, in order.
    ///   - clock: the clock of the run.
    ///   - metrics: what `/metrics` says, in Prometheus' text format; called on the server's thread; nil for nothing.
    ///   - keep: writes the page of the finished run, one file without a server; nil to leave that out.
    public init(
        version: String, seed: UInt64, wanted: [String], clock: RunClock, metrics: (@Sendable () -> String)? = nil,
        keep: (([UInt8]) throws -> Void)? = nil
    ) {
        let shared = SharedModel(RunModel(version: version, seed: seed, wanted: wanted, clock: clock))
        self.shared = shared
        self.metrics = metrics
        self.keep = keep
        feed = DashboardFeed { shared.text(wantsChange: $0, wantsState: $1) }
    }

    deinit {
        server?.stop()
    }

    /// Serves the page.
    ///
    /// - Throws: `Failure(.workers)` if the server cannot be started.
    public func serve(at listener: DashboardListener) throws {
        server = try DashboardServer(at: listener, feed: feed, metrics: metrics)
    }

    /// Whether a page is open, or one is to be kept.
    public var wantsPieces: Bool { keep != nil || isWatched }

    /// Always.
    public var showsPictures: Bool { true }

    /// Whether a page is open.
    public var isWatched: Bool { feed.streamCount > 0 }

    /// Takes an event in.
    public func observe(_ event: TrainingEvent, at moment: Moment) {
        shared.model.withLock { $0.receive(event, at: moment) }
    }

    /// Gives open pages the last change, closes the server, and keeps the page.
    ///
    /// - Throws: `Failure` if it cannot be written.
    public func finish(at moment: Moment, failure: String?) throws {
        let state = shared.model.withLock { model in
            model.end(at: moment, failure: failure)
            return model.state
        }
        feed.end(within: Self.farewell)
        server?.stop()
        try keep?(StaticPage.bytes(showing: state))
    }
}
