import Checkpoints
import Datasets
import Diagnostics
import Exchange
import Launching
import Observing
import Questions
import Training

extension CoordinatorCommand {
    /// The questions that can be named on the command line.
    static var knownQuestions: [QuestionSummary] {
        QuestionCatalog.all.map {
            QuestionSummary(name: $0.name, title: $0.title, possiblePoints: $0.possiblePoints)
        }
    }

    /// Trains the questions.
    ///
    /// - Returns: 0 if every threshold was met, 1 if one was missed, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func run(_ options: CoordinatorOptions, environment: [String: String]) throws -> Int32 {
        let start = ContinuousClock.now
        // What may be wrong with the options is found out before anything is started.
        let questions = try options.questions.map { try prepare($0, options.configurations) }
        let shards = questions.map { $0.question.method.shards }.max() ?? 1
        let reportFile = try options.reportFile.map { try OutputFile($0, for: "report") }
        if let path = options.parametersFile { _ = try OutputFile(path, for: "parameters") }
        let plan = TrainingRun.Plan(
            questions: questions,
            localWorkers: options.launcher == .local
                ? options.workerCount(shards: shards, cores: Processors.available()) : 0,
            threads: options.threads,
            membership: Membership(lease: .seconds(options.lease), minimumWorkers: options.minimumWorkers),
            seed: options.seed,
            folder: try DataFolder(explicit: options.dataFolder, cache: try DataSetCache()),
            remote: try RemoteAccess(options), checkpoints: try CheckpointPlan(options),
            initialParametersFile: options.initialParametersFile, chaos: options.chaos)

        let interruption = try Interruption()
        let (observers, progress) = try options.makeObservers(of: questions, environment: environment)
        var reports: [QuestionReport] = []
        do {
            let run = try TrainingRun(plan, interruption: interruption, observers: observers)
            if options.isInsecure {
                // Even with --quiet: what it says must not be missed.
                _ = CommandEntry.report(
                    "warning: --insecure lets anybody join who reaches the endpoint, and encrypts nothing",
                    by: "coordinator", status: 0)
            }
            try run.train { result, model in
                if let path = options.parametersFile {
                    try OutputFile(path, for: "parameters").write(ParameterFile(model.parameters).bytes(for: path))
                }
                reports.append(result.report)
                progress?.clear()
                try StandardStream.output.write(result.report.line + "\n")
            }
            let report = Report(
                seed: options.seed, seconds: (ContinuousClock.now - start).seconds, questions: reports)
            if reports.count > 1 { try StandardStream.output.write("\n" + GradesTable.text(report)) }
            try reportFile?.write(report.json())
        } catch let interrupted as Interrupted {
            try? observers.finish(failure: "interrupted by a signal")
            let kept = options.checkpointFolder.map { "; the state is kept in \($0), go on with --resume" } ?? ""
            try StandardStream.error.write("coordinator: interrupted by a signal; the workers have ended\(kept)\n")
            return interrupted.exitCode
        } catch {
            // What went wrong first is told; that a log could not be written either is not.
            try? observers.finish(failure: "\(error)")
            throw error
        }
        try observers.finish()
        return reports.allSatisfy(\.passed) ? 0 : 1
    }

    /// Makes a question of a name from its configuration.
    static func prepare(
        _ name: String, _ source: ConfigurationSource
    ) throws -> (question: any Question, configuration: Configuration) {
        guard let type = QuestionCatalog.named(name) else { preconditionFailure("\(name) was checked before") }
        let configuration = try source.configuration(for: name, usesShards: false)
        let question = try QuestionCatalog.make(type, configuration)
        // `--shards` goes with any list of questions; one without batches has no use for it.
        if source.shards == nil || question.method.batchIsSharded == false { return (question, configuration) }
        let sharded = try source.configuration(for: name)
        return (try QuestionCatalog.make(type, sharded), sharded)
    }
}
