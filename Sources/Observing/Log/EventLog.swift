import Questions
import Training

/// Writes every event as a line of JSON, for programs and for `tail -f`.
///
/// Answered pieces of work are left out, since they are many: the trace has them; and of pictures there is only the kind.
public final class EventLog: RunObserver {
    private let file: BackgroundFile
    private let warn: (String) -> Void
    private var line = JSONText()

    /// Creates the file, or empties it, and writes what is known of the run.
    ///
    /// - Parameter warn: told once, on the thread of `observe`, if nothing can be written any more.
    /// - Throws: `Failure` (data) if it cannot be written.
    public init(_ path: String, run: RunDescription, at moment: Moment, warn: @escaping (String) -> Void) throws {
        file = try BackgroundFile(path, for: "log")
        self.warn = warn
        begin("run", at: moment)
        line.field("version", run.version)
        line.field("seed", Int(clamping: run.seed))
        line.field("questions", run.questions.map(\.name))
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
            line.field("step", step)
            line.field("totalSteps", totalSteps)
            line.field("epoch", epoch)
            line.field("loss", loss)
            line.field("examples", examples)
        case .evaluated(let step, let epoch, let split, let metric, let value, let threshold):
            begin("evaluated", at: moment)
            line.field("step", step)
            line.field("epoch", epoch)
            line.field("split", "\(split)")
            line.field("metric", metric.rawValue)
            line.field("value", value)
            line.field("threshold", threshold)
        case .pictured(let pictures):
            begin("pictured", at: moment)
            line.field("pictures", pictures.map(\.kind))
        case .workerJoined(let id, let host, let pid):
            begin("workerJoined", at: moment)
            line.field("worker", id)
            line.field("host", host)
            line.field("pid", pid)
        case .workerLost(let id, let reason):
            begin("workerLost", at: moment)
            line.field("worker", id)
            line.field("reason", reason)
        case .note(let text):
            begin("note", at: moment)
            line.field("text", text)
        case .warning(let text):
            begin("warning", at: moment)
            line.field("text", text)
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
        line.field("failed", failure != nil)
        if let failure { line.field("reason", failure) }
        end()
        try file.finish()
    }

    private func begin(_ event: String, at moment: Moment) {
        line.beginLine()
        line.field("event", event)
        line.field("seconds", seconds: moment.seconds)
        line.field("time", seconds: moment.unixTime)
    }

    private func end() {
        line.endLine()
        file.append(line.bytes)
    }

    private func add(_ start: TrainingEvent.Start) {
        line.field("question", start.question)
        line.field("title", start.title)
        line.field("workers", start.workers)
        line.field("shards", start.shards)
        line.field("batchSize", start.batchSize)
        line.field("parameterCount", start.parameterCount)
        line.field("dataSource", start.dataSource)
        line.field("isSynthetic", start.isSynthetic)
        line.field("metric", start.metric.rawValue)
        line.field("threshold", start.threshold)
    }

    private func add(_ grade: TrainingEvent.Grade) {
        line.field("question", grade.question)
        line.field("passed", grade.passed)
        line.field("points", grade.points)
        line.field("possiblePoints", grade.possiblePoints)
        line.field("metric", grade.metric.rawValue)
        line.field("threshold", grade.threshold)
        line.field("validation", grade.validation)
        line.field("test", grade.test)
        line.field("elapsed", grade.seconds)
        line.field("parametersSHA256", grade.parametersSHA256)
    }
}
