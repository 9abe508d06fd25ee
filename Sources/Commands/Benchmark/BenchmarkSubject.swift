import Datasets
import Diagnostics
import Exchange
import Observing
import Questions
import Training

/// What a benchmark measures: some first steps of the training of a question.
struct BenchmarkSubject {
    /// The question.
    let question: any Question
    /// Its configuration, as workers read it.
    let configuration: Configuration
    /// Its data set.
    let data: DataSet
    /// Where the data files are.
    let folder: DataFolder
    /// Keys everything random.
    let seed: UInt64
    /// The steps of a run, at least 2.
    let steps: Int
    /// The threads of each worker.
    var threads = 1

    /// The first steps, which record graphs and fill caches, and are not counted: a tenth, from 1 to 10.
    var warmUpSteps: Int { max(1, min(10, steps / 10)) }

    /// The steps that are counted.
    var countedSteps: Int { steps - warmUpSteps }

    /// Measures a run in this process, shard by shard in one thread, without exchange.
    ///
    /// - Throws: `Failure`, or `Interrupted`.
    func measureBaseline(interruption: any InterruptionSource) throws -> BenchmarkSample {
        let session = try Session(question, data: data, seed: seed, stepLimit: steps)
        let trainer = try LocalTrainer(session, seed: seed)
        var watch = BenchmarkWatch(self)
        var signal: Int32?
        try trainer.train { event in
            watch.observe(event, processes: { [] }, time: { RoundClock() })
            signal = interruption.pending()
            return signal == nil
        }
        if let signal { throw Interrupted(signal: signal) }
        return try watch.sample(parametersSHA256: session.parameters.values.sha256, hasExchange: false)
    }

    /// Measures a run with worker processes on this machine; call it on the main thread.
    ///
    /// - Parameter dashboard: what shows the run, with its clock; nil for nothing.
    /// - Throws: `Failure`, or `Interrupted`; the workers have ended in any case.
    func measure(
        workers: Int, interruption: any InterruptionSource, dashboard: (Dashboard, RunClock)? = nil
    ) throws -> BenchmarkSample {
        let plan = TrainingRun.Plan(
            questions: [(question, configuration)], localWorkers: workers, threads: threads, seed: seed,
            folder: folder, remote: nil, stepLimit: steps)
        var watch = BenchmarkWatch(self)
        var run: TrainingRun?
        let observer = EventClosure { event in
            watch.observe(event, processes: { run?.workerProcesses ?? [] }, time: { run?.time ?? RoundClock() })
        }
        let observers =
            dashboard.map { RunObservers([observer, $0.0], clock: $0.1) } ?? RunObservers([observer])
        run = try TrainingRun(plan, interruption: interruption, observers: observers)
        defer { run = nil }
        var digest = ""
        try run?.train { result, _ in digest = result.parametersSHA256 }
        return try watch.sample(parametersSHA256: digest, hasExchange: true)
    }
}
