import Observing
import Questions

extension CoordinatorOptions {
    /// Makes those who follow a run, and opens what they write to.
    ///
    /// - Returns: all of them, and progress by itself; nil if it is left out.
    /// - Throws: `Failure`: of data if something cannot be written, of workers if the dashboard's address cannot be used.
    func makeObservers(
        of questions: [(question: any Question, configuration: Configuration)], environment: [String: String]
    ) throws -> (observers: RunObservers, progress: Progress?) {
        let clock = RunClock()
        let progress = isQuiet ? nil : Progress(environment: environment)
        let console: any RunObserver = progress ?? WarningPrinter(program: "coordinator")
        func warn(_ text: String) { console.observe(.warning(text), at: clock.now) }
        let run = RunDescription(
            version: Version.current, seed: seed,
            questions: questions.map {
                ($0.question.name, String(decoding: $0.configuration.canonicalJSON(), as: UTF8.self))
            })
        var observers = [console]
        // Somebody may collect numbers where an address was given, not where a page was only offered.
        let metrics = dashboard == nil ? nil : Metrics(version: Version.current, clock: clock)
        if let metrics { observers.append(metrics) }
        let text: (@Sendable () -> String)? = if let metrics { { metrics.text() } } else { nil }
        let pictures = try Dashboard.start(self, clock: clock, metrics: text)
        if let pictures { observers.append(pictures) }
        if let traceFile {
            let file = try OutputFile(traceFile, for: "trace", failingAs: .data)
            observers.append(TraceWriter(run: run, clock: clock) { try file.write($0) })
        }
        if let tensorBoardFolder {
            observers.append(try TensorBoardWriter(tensorBoardFolder, run: run, clock: clock, warn: warn))
        }
        // Last, because it empties its file.
        if let logFile { observers.append(try EventLog(logFile, run: run, at: clock.now, warn: warn)) }
        return (RunObservers(observers, clock: clock), progress)
    }
}
