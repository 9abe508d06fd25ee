import Diagnostics
import Training

/// Records who did what when, for Perfetto and Chrome: a track a worker and one for the coordinator, on one clock.
///
/// The time of a piece on its worker is laid in the middle between hand-out and answer. Everything is kept in memory,
/// at most 200,000 spans (`TraceSpans`), and written at the end.
public final class TraceWriter: RunObserver {
    /// The spans that are kept.
    static let bound = 200_000
    /// The marks that are kept: joins, losses, notes and the like.
    static let markBound = 10_000

    /// Something that happened at a moment.
    struct Mark: Equatable {
        let name: String
        let seconds: Double
        /// The worker it is about; 0 is the coordinator.
        let track: Int
    }

    /// A worker.
    struct Track: Equatable {
        let host: String
        let pid: Int
        /// When its last answer came; nil while it is not known since when it waits.
        var idleSince: Double?
    }

    private let write: ([UInt8]) throws -> Void
    let run: RunDescription
    private let clock: RunClock
    private(set) var spans: TraceSpans
    private(set) var marks: [Mark] = []
    private(set) var lostMarks = 0
    private(set) var tracks: [Int: Track] = [:]
    private var steps = 0
    private var evaluations = 0
    private var watch: StepTimes.Watch
    private var rate = Rate()
    /// Where the coordinator's track is free from.
    private var free = 0.0

    /// Creates a recorder.
    ///
    /// - Parameters:
    ///   - clock: the one by which events are told.
    ///   - write: writes the file, when the run is over.
    public convenience init(run: RunDescription, clock: RunClock, write: @escaping ([UInt8]) throws -> Void) {
        self.init(run: run, clock: clock, bound: Self.bound, write: write)
    }

    init(run: RunDescription, clock: RunClock, bound: Int, write: @escaping ([UInt8]) throws -> Void) {
        self.run = run
        self.clock = clock
        self.write = write
        spans = TraceSpans(bound: bound)
        watch = StepTimes.Watch(clock: clock)
    }

    /// A trace is made of pieces.
    public var wantsPieces: Bool { true }

    /// Records an event.
    public func observe(_ event: TrainingEvent, at moment: Moment) {
        let seconds = moment.seconds
        switch event {
        case .started(let start):
            watch.reset()
            rate.start(at: seconds)
            for id in tracks.keys { tracks[id]?.idleSince = nil }
            mark("\(start.question) begins", at: seconds)
        case .pieceAnswered(let piece):
            watch.add(piece)
            receive(piece)
        case .stepCompleted(_, _, _, let loss, let examples):
            rate.add(Double(examples), at: seconds)
            completeStep(loss: loss, at: seconds)
        case .evaluated(_, _, let split, _, let value, _):
            completeEvaluation(at: seconds)
            mark("\(split) \(Decimals.text(value, places: 4))", at: seconds)
        case .workerJoined(let id, let host, let pid):
            tracks[id] = Track(host: host, pid: pid)
            mark("joined", at: seconds, track: id)
        case .workerLost(let id, let reason): mark("lost: \(reason)", at: seconds, track: id)
        case .note(let text), .warning(let text): mark(text, at: seconds)
        case .finished: mark("trained", at: seconds)
        case .graded(let grade): mark(grade.passed ? "passed" : "missed", at: seconds)
        case .pictured: mark("picture", at: seconds)
        }
    }

    /// Writes the file, however the run ended.
    ///
    /// - Throws: `Failure` (data) if it cannot be written.
    public func finish(at moment: Moment, failure: String?) throws {
        if let failure { mark("failed: \(failure)", at: moment.seconds) }
        try write(json())
    }

    private func receive(_ piece: TrainingEvent.Piece) {
        guard tracks[piece.worker] != nil else { return }
        var assigned = clock.moment(of: piece.assigned).seconds
        let answered = clock.moment(of: piece.answered).seconds
        let round: TraceSpan.Round = piece.kind == .evaluation ? .evaluation : .step
        func add(_ kind: TraceSpan.Kind, _ start: Double, _ end: Double) {
            spans.add(
                TraceSpan(
                    kind: kind, track: Int32(clamping: piece.worker), round: round,
                    number: round == .step ? steps : evaluations, start: start, end: end))
        }
        if let idle = tracks[piece.worker]?.idleSince {
            if assigned > idle { add(.wait, idle, assigned) }
            // A worker that has two pieces begins the second when the first is answered.
            assigned = max(assigned, idle)
        }
        tracks[piece.worker]?.idleSince = answered
        let ways = max(0, answered - assigned - max(0, piece.computeSeconds)) / 2
        let kind: TraceSpan.Kind =
            switch piece.kind {
            case .gradient: .gradient
            case .evaluation: .evaluate
            case .search: .search
            }
        add(.send, assigned, assigned + ways)
        add(kind, assigned + ways, answered - ways)
        add(.return, answered - ways, answered)
    }

    private func completeStep(loss: Double, at seconds: Double) {
        func add(_ kind: TraceSpan.Kind, _ start: Double, _ end: Double) {
            spans.add(TraceSpan(kind: kind, track: 0, round: .step, number: steps, start: start, end: end))
        }
        if let times = watch.take() {
            let start = max(times.began, free)
            add(.step, start, max(start, seconds))
            add(.reduce, min(max(times.answered, start), seconds), seconds)
            free = seconds
        }
        add(.loss, seconds, loss)
        if let rate = rate.perSecond { add(.rate, seconds, rate) }
        steps += 1
    }

    private func completeEvaluation(at seconds: Double) {
        guard let times = watch.take() else { return }
        let start = min(max(times.began, free), seconds)
        spans.add(
            TraceSpan(
                kind: .evaluation, track: 0, round: .evaluation, number: evaluations, start: start, end: seconds))
        free = seconds
        evaluations += 1
    }

    private func mark(_ name: String, at seconds: Double, track: Int = 0) {
        guard marks.count < Self.markBound else {
            lostMarks += 1
            return
        }
        marks.append(Mark(name: name, seconds: seconds, track: track))
    }
}
