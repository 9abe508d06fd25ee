import Datasets
import Diagnostics
import Exchange
import Launching
import Observing
import Questions

/// The runs of one `benchmark` command: a question, measured in turns.
struct BenchmarkCampaign {
    /// Runs that should have ended with the same parameters did not.
    struct Difference: Error {
        /// Which runs.
        let line: String

        init(_ line: String) { self.line = line }
    }

    /// What was measured of a number of workers; 0 is one process without exchange.
    typealias Samples = [(workers: Int, samples: [BenchmarkSample])]

    private let program: String
    private let options: ScalingOptions
    private let subject: BenchmarkSubject
    private let recipe: Recipe
    private let interruption: Interruption

    /// Reads the question and its data.
    ///
    /// - Throws: `Failure`.
    init(_ options: ScalingOptions, program: String) throws {
        let prepared = try CoordinatorCommand.prepare(options.question, options.run.configurations)
        guard case .gradientDescent(let recipe) = prepared.question.method else {
            throw Failure(
                .usage, "cannot measure", at: options.question, because: "it is not trained in steps of batches",
                remedy: "take another question")
        }
        self.program = program
        self.options = options
        self.recipe = recipe
        interruption = try Interruption()
        let folder = try DataFolder(explicit: options.run.dataFolder, cache: try DataSetCache())
        subject = BenchmarkSubject(
            question: prepared.question, configuration: prepared.configuration,
            data: try prepared.question.loadData(from: folder), folder: folder, seed: options.run.seed,
            steps: options.steps, threads: options.run.threads)
    }

    /// Runs the body of a command.
    ///
    /// - Returns: 0, 1 after a difference, which is told in a line, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    func run(_ body: () throws -> Void) throws -> Int32 {
        do {
            try body()
            return 0
        } catch let interrupted as Interrupted {
            try StandardStream.error.write("\(program): interrupted by a signal; the workers have ended\n")
            return interrupted.exitCode
        } catch let difference as Difference {
            return CommandEntry.report(difference.line, by: program, status: 1)
        }
    }

    /// Measures each number of workers, `rounds` times in turns.
    ///
    /// - Throws: `Failure`, or `Interrupted`.
    func measure(_ workers: [Int]) throws -> Samples {
        try measure(workers, "") { _ in subject }
    }

    /// Measures a run with a number of workers and readers of its dashboard.
    ///
    /// - Throws: `Failure`, or `Interrupted`.
    func measure(workers: Int, _ audience: BenchmarkAudience.Size?) throws -> BenchmarkSample {
        guard let audience else { return try subject.measure(workers: workers, interruption: interruption) }
        let clock = RunClock()
        let dashboard = Dashboard(
            version: Version.current, seed: subject.seed, wanted: [subject.question.name], clock: clock)
        let listener = try DashboardListener(DashboardAddress(port: 0))
        try dashboard.serve(at: listener)
        let readers = try BenchmarkAudience(audience, port: listener.port)
        defer { readers.leave() }
        let sample = try subject.measure(workers: workers, interruption: interruption, dashboard: (dashboard, clock))
        try dashboard.finish(at: clock.now, failure: nil)
        return sample
    }

    /// Measures each number of workers with a batch so many times as large.
    ///
    /// - Throws: `Failure`, or `Interrupted`.
    func measureWeak(_ workers: [Int]) throws -> Samples {
        let subjects = try workers.map { ($0, try enlarged(by: $0)) }
        return try measure(workers, ", fixed batch a worker") { count in
            guard let subject = subjects.first(where: { $0.0 == count })?.1 else { preconditionFailure("no subject") }
            return subject
        }
    }

    private func measure(_ workers: [Int], _ kind: String, _ subject: (Int) -> BenchmarkSubject) throws -> Samples {
        var samples: Samples = workers.map { ($0, []) }
        for round in 1...options.rounds {
            for index in samples.indices {
                let workers = samples[index].workers
                let sample =
                    workers == 0
                    ? try subject(0).measureBaseline(interruption: interruption)
                    : try subject(workers).measure(workers: workers, interruption: interruption)
                samples[index].samples.append(sample)
                try StandardStream.error.write(
                    "round \(round) of \(options.rounds), \(BenchmarkReport.Run.name(workers: workers))\(kind): "
                        + "\(BenchmarkReport.milliseconds(sample.step)) ms a step\n")
            }
        }
        return samples
    }

    /// The subject with batches so many times as large.
    private func enlarged(by factor: Int) throws -> BenchmarkSubject {
        var configuration = subject.configuration
        try configuration.set("batchSize=\(recipe.batchSize * factor)")
        return BenchmarkSubject(
            question: try QuestionCatalog.make(type(of: subject.question), configuration), configuration: configuration,
            data: subject.data, folder: subject.folder, seed: subject.seed, steps: subject.steps,
            threads: subject.threads)
    }

    /// Trains the question to its end with each number of workers, once.
    ///
    /// - Throws: `Failure`, `Interrupted`, or `Difference`.
    func train(_ workers: [Int]) throws -> [BenchmarkReport.Training] {
        var trainings: [BenchmarkReport.Training] = []
        for count in workers {
            let plan = TrainingRun.Plan(
                questions: [(subject.question, subject.configuration)], localWorkers: count, threads: subject.threads,
                seed: subject.seed, folder: subject.folder, remote: nil)
            let run = try TrainingRun(plan, interruption: interruption, observers: RunObservers([]))
            try run.train { result, _ in
                trainings.append(
                    BenchmarkReport.Training(
                        workers: count, seconds: result.seconds, secondsToThreshold: result.secondsToThreshold,
                        passed: result.passed, parametersSHA256: result.parametersSHA256))
            }
            try StandardStream.error.write(
                "training with \(BenchmarkReport.Run.name(workers: count)): "
                    + "\(trainings.last?.seconds.map { BenchmarkReport.seconds($0) } ?? "-")\n")
        }
        let digests = Set(trainings.map(\.parametersSHA256))
        guard digests.count <= 1 else {
            throw Difference(
                "the parameters differ between trainings, so nothing is reported: "
                    + trainings.map { "\($0.parametersSHA256.prefix(12)) with \($0.workers)" }.joined(separator: ", "))
        }
        return trainings
    }

    /// Sums samples up.
    func report(_ samples: Samples) -> BenchmarkReport {
        BenchmarkReport(subject, recipe, cores: Processors.available(), rounds: options.rounds, samples)
    }
}
