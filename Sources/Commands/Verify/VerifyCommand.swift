import Datasets
import Diagnostics
import Exchange
import Observing
import Questions
import Training

/// `coordinator verify`: shows that the result depends neither on the number of workers nor on what happens to them.
enum VerifyCommand {
    /// Trains every question in every way, and compares.
    ///
    /// - Returns: 0 if all ways lead to the same parameters, 1 if not, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func run(_ options: VerifyOptions) throws -> Int32 {
        let reportFile = try options.run.reportFile.map { try OutputFile($0, for: "report") }
        let questions = try options.run.questions.map { try CoordinatorCommand.prepare($0, options.run.configurations) }
        let interruption = try Interruption()
        var report = VerifyReport(options)
        do {
            for question in questions {
                var runs: [VerifyReport.Run] = []
                for (workers, chaos) in ways(options) {
                    let run = try train(question, workers: workers, chaos: chaos, options.run, interruption)
                    runs.append(run)
                    if !options.run.isQuiet { try StandardStream.error.write(run.line(question.question.name)) }
                }
                report.questions.append(VerifyReport.Question(question: question.question.name, runs: runs))
                try StandardStream.output.write(report.questions[report.questions.count - 1].text + "\n")
            }
        } catch let interrupted as Interrupted {
            try StandardStream.error.write("coordinator verify: interrupted by a signal; the workers have ended\n")
            return interrupted.exitCode
        }
        try StandardStream.output.write(report.verdict)
        try reportFile?.write(report.json())
        return report.isEqual ? 0 : 1
    }

    /// Undisturbed with every number of workers, then disturbed.
    private static func ways(_ options: VerifyOptions) -> [(workers: Int, chaos: ChaosPlan?)] {
        let quiet = options.workers.map { (workers: $0, chaos: ChaosPlan?.none) }
        guard let chaos = options.run.chaos else { return quiet }
        return quiet + options.workers.map { (workers: $0, chaos: chaos) }
    }

    private static func train(
        _ question: (question: any Question, configuration: Configuration), workers: Int, chaos: ChaosPlan?,
        _ options: CoordinatorOptions, _ interruption: Interruption
    ) throws -> VerifyReport.Run {
        let plan = TrainingRun.Plan(
            questions: [question], localWorkers: workers, threads: options.threads,
            membership: Membership(lease: .seconds(options.lease)), seed: options.seed,
            folder: try DataFolder(explicit: options.dataFolder, cache: try DataSetCache()), chaos: chaos)
        let run = try TrainingRun(
            plan, interruption: interruption, observers: RunObservers([WarningPrinter(program: "coordinator verify")]))
        var result: VerifyReport.Run?
        try run.train { trained, _ in
            let report = trained.report
            result = VerifyReport.Run(
                workers: workers, isDisturbed: chaos != nil, seconds: report.seconds, faults: report.faults,
                parametersSHA256: report.parametersSHA256)
        }
        guard var result else { preconditionFailure("a question was neither trained nor given up") }
        result.chaos = run.chaosStory
        return result
    }
}
