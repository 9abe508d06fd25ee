import Questions
import Training

/// Writes every event as a line of JSON, for programs and for `tail -f`.
///
/// Answered pieces of work are left out, since they are many: the trace has them; and of pictures there is only the kind.
public final class EventLog: RunObserver {
    private let file: BackgroundFile
    private let warn: (String) -> Void
    private var line = JSONLine()

    /// Creates the file, or empties it, and writes what is known of the run.
    ///
    /// - Parameter warn: told once, on the thread of `observe`, if nothing can be written any more.
    /// - Throws: `Failure` (data) if it cannot be written.
    public init(_ path: String, run: RunDescription, at moment: Moment, warn: @escaping (String) -> Void) throws {
        file = try BackgroundFile(path, for: "log")
        self.warn = warn
        begin("run", at: moment)
        line.add("version", run.version)
        line.add("seed", Int(clamping: run.seed))
        line.add("questions", run.questions.map(\.name))
        end()
    }

    /// Writes a line.
    public func observe(_ event: TrainingEvent, at moment: Moment) {
        if let failure = file.newFailure() { warn("\(failure); the run goes on without it") }
        switch event {
        case .pieceAnswered: return
        case .started(let start):
            begin("started", at: moment)
            add(start)
        case .stepCompleted(let step, let totalSteps, let epoch, let loss, let examples):
            begin("stepCompleted", at: moment)
            line.add("step", step)
            line.add("totalSteps", totalSteps)
            line.add("epoch", epoch)
            line.add("loss", loss)
            line.add("examples", examples)
        case .evaluated(let step, let epoch, let split, let metric, let value, let threshold):
            begin("evaluated", at: moment)
            line.add("step", step)
            line.add("epoch", epoch)
            line.add("split", "\(split)")
            line.add("metric", metric.rawValue)
            line.add("value", value)
            line.add("threshold", threshold)
        case .pictured(let pictures):
            begin("pictured", at: moment)
            line.add("pictures", pictures.map(\.kind))
        case .workerJoined(let id, let host, let pid):
            begin("workerJoined", at: moment)
            line.add("worker", id)
            line.add("host", host)
            line.add("pid", pid)
        case .workerLost(let id, let reason):
            begin("workerLost", at: moment)
            line.add("worker", id)
            line.add("reason", reason)
        case .note(let text):
            begin("note", at: moment)
            line.add("text", text)
        case .warning(let text):
            begin("warning", at: moment)
            line.add("text", text)
        case .finished: begin("finished", at: moment)
        case .graded(let grade):
            begin("graded", at: moment)
            add(grade)
        }
        end()
    }

    /// Writes how the run ended, and everything that is not written yet.
    ///
    /// - Throws: `Failure` (data) if not everything could be written.
    public func finish(at moment: Moment, failure: String?) throws {
        begin("ended", at: moment)
        line.add("failed", failure != nil)
        if let failure { line.add("reason", failure) }
        end()
        try file.finish()
    }

    private func begin(_ event: String, at moment: Moment) {
        line.begin()
        line.add("event", event)
        line.add("seconds", seconds: moment.seconds)
        line.add("time", seconds: moment.unixTime)
    }

    private func end() {
        line.end()
        file.append(line.bytes)
    }

    private func add(_ start: TrainingEvent.Start) {
        line.add("question", start.question)
        line.add("title", start.title)
        line.add("workers", start.workers)
        line.add("shards", start.shards)
        line.add("batchSize", start.batchSize)
        line.add("parameterCount", start.parameterCount)
        line.add("dataSource", start.dataSource)
        line.add("isSynthetic", start.isSynthetic)
        line.add("metric", start.metric.rawValue)
        line.add("threshold", start.threshold)
    }

    private func add(_ grade: TrainingEvent.Grade) {
        line.add("question", grade.question)
        line.add("passed", grade.passed)
        line.add("points", grade.points)
        line.add("possiblePoints", grade.possiblePoints)
        line.add("metric", grade.metric.rawValue)
        line.add("threshold", grade.threshold)
        line.add("validation", grade.validation)
        line.add("test", grade.test)
        line.add("elapsed", grade.seconds)
        line.add("parametersSHA256", grade.parametersSHA256)
    }
}

extension Picture {
    /// What it shows, in a word.
    var kind: String {
        switch self {
        case .separation: "separation"
        case .curve: "curve"
        case .digits: "digits"
        case .words: "words"
        case .attention: "attention"
        case .text: "text"
        }
    }
}
