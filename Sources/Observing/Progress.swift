import FoundationEssentials
import Training

/// Shows how a run goes on, on standard error: a bar on a terminal, a plain line now and then elsewhere.
///
/// Feed it every event. It writes at most ten times a second on a terminal, each time one text that replaces the last
/// line, and once in five seconds elsewhere. Not thread-safe.
public final class Progress: RunObserver {
    /// The seconds between two drawings of the bar.
    static let drawingInterval = 0.1
    /// The seconds between two plain lines.
    static let lineInterval = 5.0

    private let terminal: Terminal
    private var state = ProgressState()
    private var lastShown = -Double.infinity
    private var hasBar = false

    /// Creates a display on standard error.
    ///
    /// - Parameter environment: `TERM`, `NO_COLOR`, `COLUMNS` and the variables of the locale count.
    public convenience init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init(Terminal.standardError(environment: environment))
    }

    /// Creates a display on a terminal.
    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    deinit {
        clear()
    }

    /// Takes an event in, and shows what is worth showing.
    public func observe(_ event: TrainingEvent, at moment: Moment) {
        let seconds = moment.seconds
        let wasStarted = state.start != nil
        if case .finished = event, wasStarted, terminal.width() == nil, state.step > 0 {
            say("\(terminal.format.plain(state)), done in \(Decimals.time(state.elapsed))")
        }
        state.receive(event, at: seconds)
        switch event {
        case .started(let start):
            lastShown = seconds
            say(terminal.format.introduction(start))
        case .note(let text): say(text)
        case .warning(let text): say("warning: \(text)")
        case .workerJoined(let id, let host, let pid): say("worker \(id) joined: \(host), process \(pid)")
        case .workerLost(let id, let reason): say("worker \(id) lost: \(reason)")
        case .finished: clear()
        case .stepCompleted, .evaluated: show(at: seconds)
        case .pieceAnswered, .pictured, .graded: break
        }
    }

    /// Leaves no bar behind.
    public func finish(at moment: Moment, failure: String?) { clear() }

    /// Clears the bar, so that other text can be written; the next event brings it back.
    public func clear() {
        guard hasBar else { return }
        terminal.write("\r\u{1B}[K")
        hasBar = false
    }

    private func show(at seconds: Double) {
        guard state.start != nil else { return }
        let width = terminal.width()
        guard seconds - lastShown >= (width == nil ? Self.lineInterval : Self.drawingInterval) else { return }
        lastShown = seconds
        if let width {
            terminal.write("\r\(terminal.format.bar(state, width: width))\u{1B}[K")
            hasBar = true
        } else {
            say(terminal.format.plain(state))
        }
    }

    /// Writes a line of its own, above the bar; control characters in it are left out.
    private func say(_ line: String) {
        let clean = String(
            String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
        terminal.write((hasBar ? "\r\u{1B}[K" : "") + clean + "\n")
        hasBar = false
    }
}
