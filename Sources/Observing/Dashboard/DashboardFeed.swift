import CMicroHTTPD
import Synchronization

/// Hands what is new to all readers, encoded once for all of them.
///
/// A thread of its own encodes, four times a second at most, and only while somebody reads. The server's thread takes
/// the bytes; where there are none the connection is suspended until there are. A reader that does not keep up skips what
/// it missed and gets a state instead, so that it holds one text at most.
///
/// Thread-safe.
final class DashboardFeed: @unchecked Sendable {
    // Unchecked, because the monitor guards all variables.

    /// What readers read.
    struct Text: Sendable {
        /// The JSON of what has changed; nil if nothing has, or nobody wanted it.
        var change: [UInt8]?
        /// The JSON of everything; nil if nobody wanted it.
        var state: [UInt8]?
        /// Whether something has changed.
        var isNew: Bool
    }

    /// The least time between two texts.
    static let interval = Duration.milliseconds(250)
    /// The time without a text after which readers get an empty one, so that who is gone is noticed.
    static let silence = Duration.seconds(15)
    /// The most readers at once.
    static let capacity = 48

    private let monitor = Monitor()
    private let source: @Sendable (_ wantsChange: Bool, _ wantsState: Bool) -> Text
    private var readers: [DashboardReader] = []
    /// Counts the changes; a reader is up to date that has taken the one of this number.
    private var version = 0
    private var change: [UInt8] = []
    private var state: (version: Int, frame: [UInt8])?
    private var lastText = ContinuousClock.now
    private var lastLook: ContinuousClock.Instant?
    private var isEnding = false
    private var hasEnded = false
    private var isStopped = false
    private let streams = Atomic<Int>(0)

    /// Creates a feed that nobody reads.
    ///
    /// - Parameter source: makes the texts; called on the feed's thread.
    init(source: @escaping @Sendable (_ wantsChange: Bool, _ wantsState: Bool) -> Text) { self.source = source }

    /// The number of event streams that are open.
    var streamCount: Int { streams.load(ordering: .relaxed) }

    /// Takes a reader in; false if there are too many, or there is no more to read.
    func open(_ reader: DashboardReader) -> Bool {
        monitor.locked {
            guard !isStopped, !hasEnded, readers.count < Self.capacity else { return false }
            readers.append(reader)
            if reader.kind == .events {
                streams.add(1, ordering: .relaxed)
            } else {
                park(reader, wantsState: true)
            }
            monitor.notify()
            return true
        }
    }

    /// Lets a reader go, whose connection is closed or has all it wanted.
    func close(_ reader: DashboardReader) {
        monitor.locked {
            guard let place = readers.firstIndex(where: { $0 === reader }) else { return }
            readers.remove(at: place)
            if reader.kind == .events { streams.subtract(1, ordering: .relaxed) }
            monitor.notify()
        }
    }

    /// Copies bytes for an event stream; suspends its connection if there are none.
    ///
    /// - Returns: how many; 0 if there are none yet, or the mark of the end.
    func read(_ reader: DashboardReader, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        monitor.locked {
            if reader.rest.isEmpty { next(for: reader) }
            if reader.rest.isEmpty { return hasEnded || isStopped ? Int(microhttpd_end_of_stream) : 0 }
            return reader.take(into: buffer)
        }
    }

    /// The state that a reader has waited for; nil if it will not come any more.
    func takeState(_ reader: DashboardReader) -> [UInt8]? {
        monitor.locked { reader.rest.isEmpty ? nil : Array(reader.rest) }
    }

    /// Gives every reader the last text, and waits until they have it, but not for long.
    func end(within duration: Duration) {
        let deadline = ContinuousClock.now + duration
        monitor.locked {
            isEnding = true
            monitor.notify()
            while !readers.isEmpty, ContinuousClock.now < deadline { monitor.wait(for: deadline - .now) }
        }
    }

    /// Wakes everybody up to leave; from here on no connection is suspended.
    func stop() {
        monitor.locked {
            isStopped = true
            for reader in readers { resume(reader) }
            monitor.notify()
        }
    }

    /// What the feed's thread does, until `stop`.
    func run() {
        monitor.locked {
            while !isStopped {
                let rest = lastLook.map { $0 + Self.interval - .now } ?? .zero
                if isEnding, !hasEnded {
                    if !readers.isEmpty { look() }
                    hasEnded = true
                    for reader in readers { resume(reader) }
                } else if hasEnded || readers.isEmpty {
                    monitor.wait()
                } else if rest > .zero {
                    monitor.wait(for: rest)
                } else {
                    look()
                }
            }
        }
    }

    private func look() {
        lastLook = .now
        let wantsChange = readers.contains { $0.kind == .events && $0.version == version }
        let wantsState = isEnding || readers.contains { $0.wantsState }
        let text = monitor.unlocked { source(wantsChange, wantsState) }
        if let json = text.change {
            version += 1
            change = Self.frame("change", json)
            lastText = .now
        } else if text.isNew {
            // Who has become up to date meanwhile is not any more, and the change was not encoded.
            version += 2
        } else if ContinuousClock.now - lastText > Self.silence {
            version += 1
            change = Array(":\n\n".utf8)
            lastText = .now
        }
        state = text.state.map { (version, Self.frame("state", $0)) }
        for reader in readers {
            if reader.kind == .state, let json = text.state { reader.give(json, version: version) }
            if reader.wantsState ? text.state != nil : reader.version != version { resume(reader) }
        }
    }

    /// Finds what a reader reads next; parks it if there is nothing.
    private func next(for reader: DashboardReader) {
        if reader.version == version {
            if !hasEnded, !isStopped { park(reader, wantsState: false) }
        } else if let state, state.version == version {
            reader.give(state.frame, version: version)
        } else if reader.version == version - 1 {
            reader.give(change, version: version)
        } else if !hasEnded, !isStopped {
            park(reader, wantsState: true)
            monitor.notify()
        }
    }

    private func park(_ reader: DashboardReader, wantsState: Bool) {
        reader.wantsState = wantsState
        reader.isParked = true
        MHD_suspend_connection(reader.connection)
    }

    private func resume(_ reader: DashboardReader) {
        guard reader.isParked else { return }
        reader.isParked = false
        reader.wantsState = false
        MHD_resume_connection(reader.connection)
    }

    private static func frame(_ event: String, _ json: [UInt8]) -> [UInt8] {
        Array("event: \(event)\ndata: ".utf8) + json + Array("\n\n".utf8)
    }
}
