import Diagnostics
import Glibc
import Questions
import Training

/// Writes what TensorBoard shows: a folder a question with loss, scores, rate, parts of a step, text and images.
///
/// The first ten thousand steps of a question are all written, later ones at most ten a second; the last step before a
/// score is always among them. Texts and images come every five seconds at most, and at the end.
public final class TensorBoardWriter: RunObserver {
    /// The steps of a question that are all written.
    static let stepsInFull = 10_000
    /// The least seconds between two steps after those.
    static let spacing = 0.1
    /// The least seconds between two pictures.
    static let pictureSpacing = 5.0

    private let folder: String
    let run: RunDescription
    private let warn: (String) -> Void
    private var file: EventFile?
    private var firstFailure: (any Error)?
    private var watch: StepTimes.Watch
    private var rate = Rate()
    private var steps = 0
    private var step = 0
    private var lastWritten = -Double.infinity
    /// The last step, if it was not written.
    private var pending: (scalars: [(tag: String, value: Double)], moment: Moment)?
    private var lastPicture = (seconds: -Double.infinity, step: -1)
    private var now = 0.0
    /// The last pictures, if they were not written.
    private var pendingPictures: (pictures: [Picture], moment: Moment)?

    /// Makes the folders of the questions.
    ///
    /// - Parameters:
    ///   - clock: the one by which events are told.
    ///   - warn: told once, on the thread of `observe`, if nothing can be written any more.
    /// - Throws: `Failure` (data) if one cannot be made, or nothing can be written in it.
    public init(
        _ folder: String, run: RunDescription, clock: RunClock, warn: @escaping (String) -> Void
    ) throws {
        self.folder = folder
        self.run = run
        self.warn = warn
        watch = StepTimes.Watch(clock: clock)
        guard !folder.isEmpty else { throw Self.failure(folder, "the path is empty") }
        for (name, _) in run.questions { try Self.makeFolder("\(folder)/\(name)") }
    }

    /// The parts of a step are told by the pieces.
    public var wantsPieces: Bool { true }

    /// It shows texts, digits and attention.
    public var showsPictures: Bool { true }

    /// Whether it is time for a picture.
    public var isWatched: Bool { file != nil && now - lastPicture.seconds >= Self.pictureSpacing }

    /// Writes what TensorBoard can show of an event.
    public func observe(_ event: TrainingEvent, at moment: Moment) {
        now = moment.seconds
        if firstFailure == nil, let failure = file?.newFailure() { fail(failure) }
        switch event {
        case .started(let start): begin(start, at: moment)
        case .pieceAnswered(let piece): watch.add(piece)
        case .stepCompleted(let step, _, let epoch, let loss, let examples):
            self.step = step
            add(epoch: epoch, loss: loss, examples: examples, at: moment)
        case .evaluated(let step, _, let split, let metric, let value, _):
            self.step = step
            _ = watch.take()
            writePending()
            file?.add([("\(metric.rawValue)/\(split)", value)], step: step, at: moment)
        case .pictured(let pictures): show(pictures, at: moment)
        case .finished:
            writePending()
            writePendingPictures()
        case .graded(let grade):
            file?.add("result", text: Self.text(of: grade), step: step, at: moment)
        case .note, .warning, .workerJoined, .workerLost: break
        }
    }

    /// Writes what remains.
    ///
    /// - Throws: `Failure` (data) for the first thing that could not be written.
    public func finish(at moment: Moment, failure: String?) throws {
        if let failure { file?.add("result", text: "Failed: \(failure)", step: step, at: moment) }
        try close()
        if let firstFailure { throw firstFailure }
    }

    private func begin(_ start: TrainingEvent.Start, at moment: Moment) {
        do {
            try close()
        } catch {
            fail(error)
        }
        watch.reset()
        rate.start(at: moment.seconds)
        (steps, step) = (0, 0)
        lastWritten = -.infinity
        lastPicture = (-.infinity, -1)
        do {
            file = try EventFile(in: "\(folder)/\(start.question)", at: moment)
        } catch {
            fail(error)
        }
        file?.add("run", text: text(of: start), step: 0, at: moment)
    }

    private func add(epoch: Double, loss: Double, examples: Int, at moment: Moment) {
        steps += 1
        rate.add(Double(examples), at: moment.seconds)
        let times = watch.take()
        guard file != nil else { return }
        var scalars = [(tag: "loss/training", value: loss), ("epoch", epoch)]
        if let rate = rate.perSecond { scalars.append(("samples_per_second", rate)) }
        if let times {
            scalars += [
                ("step_seconds/compute", times.compute), ("step_seconds/exchange", times.exchange),
                ("step_seconds/wait", times.wait),
            ]
        }
        pending = (scalars, moment)
        if steps <= Self.stepsInFull || moment.seconds - lastWritten >= Self.spacing { writePending() }
    }

    private func writePending() {
        guard let pending else { return }
        file?.add(pending.scalars, step: step, at: pending.moment)
        lastWritten = pending.moment.seconds
        self.pending = nil
    }

    private func show(_ pictures: [Picture], at moment: Moment) {
        pendingPictures = (pictures, moment)
        if moment.seconds - lastPicture.seconds >= Self.pictureSpacing { writePendingPictures() }
    }

    private func writePendingPictures() {
        guard let (pictures, moment) = pendingPictures, step != lastPicture.step else { return }
        for picture in pictures {
            switch picture {
            case .text(let text):
                // Markdown shows lines as they are where four blanks stand before each.
                let block = text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
                file?.add("sample", text: block.joined(separator: "\n"), step: step, at: moment)
            case .digits(let digits): file?.add("digits", image: Raster(digits: digits), step: step, at: moment)
            case .attention(let size, let weights, _):
                file?.add("attention", image: Raster(attention: weights, size: size), step: step, at: moment)
            case .separation, .curve, .words, .filters, .line: break
            }
        }
        lastPicture = (moment.seconds, step)
        pendingPictures = nil
    }

    private func close() throws {
        writePending()
        writePendingPictures()
        defer { file = nil }
        try file?.finish()
    }

    /// Takes note of a failure, and tells of the first.
    private func fail(_ error: any Error) {
        guard firstFailure == nil else { return }
        firstFailure = error
        warn("\(error); the run goes on without it")
    }

    /// Makes a folder, and those above it.
    private static func makeFolder(_ path: String) throws {
        for end in path.indices.dropFirst() where path[end] == "/" { mkdir(String(path[..<end]), 0o777) }
        if mkdir(path, 0o777) == 0 { return }
        var cause = errno
        if cause == EEXIST {
            if access("\(path)/.", W_OK | X_OK) == 0 { return }
            cause = errno
        }
        throw failure(path, String(cString: strerror(cause)).lowercased())
    }

    private static func failure(_ path: String, _ cause: String) -> Failure {
        Failure(.data, "cannot write events for TensorBoard", at: path, because: cause)
    }
}
