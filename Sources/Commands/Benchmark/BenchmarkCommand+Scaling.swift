import Datasets
import Diagnostics
import Exchange
import Launching
import Questions

extension BenchmarkCommand {
    /// Measures a question with each number of workers, in turns, so that all share the machine's moods.
    ///
    /// - Returns: 0, 1 if not all runs ended with the same parameters, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func measure(_ options: ScalingOptions) throws -> Int32 {
        let reportFile = try options.run.reportFile.map { try OutputFile($0, for: "report") }
        let prepared = try CoordinatorCommand.prepare(options.question, options.run.configurations)
        guard case .gradientDescent(let recipe) = prepared.question.method else {
            throw Failure(
                .usage, "cannot measure", at: options.question, because: "it is not trained in steps of batches",
                remedy: "take another question")
        }
        let interruption = try Interruption()
        let folder = try DataFolder(explicit: options.run.dataFolder, cache: try DataSetCache())
        let subject = BenchmarkSubject(
            question: prepared.question, configuration: prepared.configuration,
            data: try prepared.question.loadData(from: folder), folder: folder, seed: options.run.seed,
            steps: options.steps)
        var samples: [(workers: Int, samples: [BenchmarkSample])] = [(0, [])] + options.workers.map { ($0, []) }
        do {
            for round in 1...options.rounds {
                for index in samples.indices {
                    let workers = samples[index].workers
                    let sample =
                        workers == 0
                        ? try subject.measureBaseline(interruption: interruption)
                        : try subject.measure(workers: workers, interruption: interruption)
                    samples[index].samples.append(sample)
                    try StandardStream.error.write(
                        "round \(round) of \(options.rounds), \(BenchmarkReport.Run.name(workers: workers)): "
                            + "\(BenchmarkReport.milliseconds(sample.step)) ms a step\n")
                }
            }
        } catch let interrupted as Interrupted {
            try StandardStream.error.write("benchmark scaling: interrupted by a signal; the workers have ended\n")
            return interrupted.exitCode
        }
        if let difference = BenchmarkReport.difference(samples) {
            return CommandEntry.report(difference, by: "benchmark scaling", status: 1)
        }
        let report = BenchmarkReport(subject, recipe, cores: Processors.available(), rounds: options.rounds, samples)
        try StandardStream.output.write(report.text)
        try reportFile?.write(report.json())
        return 0
    }
}
