import Checkpoints
import Datasets
import Diagnostics
import Exchange
import Launching
import Messaging
import Observing
import Questions
import Tensors
import Training

/// A run of the coordinator: trains one question after another with the same workers.
final class TrainingRun {
    /// What is to be trained, and with what.
    struct Plan {
        /// The questions with their configurations, in order.
        var questions: [(question: any Question, configuration: Configuration)]
        /// The workers to start on this machine; none where they all come from elsewhere.
        var localWorkers: Int
        /// The threads of each of them.
        var threads = 1
        /// When a worker counts as gone, and how many there must be.
        var membership = Membership()
        /// Keys everything random.
        var seed: UInt64
        /// Where data files are looked for.
        var folder: DataFolder
        /// Where other hosts may connect; nil for nowhere.
        var remote: RemoteAccess?
        /// Where the state is kept; nil for nowhere.
        var checkpoints: CheckpointPlan?
        /// The file of the initial parameters; nil for random ones.
        var initialParametersFile: String?
        /// The steps after which a question ends, to be measured; nil to train it by its recipe.
        ///
        /// With a limit nothing is evaluated or checked, a question begins when all local workers are ready, and the
        /// end of one of them ends the run.
        var stepLimit: Int? = nil
        /// The faults to suffer on purpose; nil for none.
        var chaos: ChaosPlan? = nil
    }

    private let plan: Plan
    private let context: Context
    private let cache: DataSetCache
    private let chaos: Chaos?
    private let workers: LocalWorkers
    private let pool: WorkerPool
    private let crew: ThreadCrew
    private let observers: RunObservers
    private let observe: (TrainingEvent) -> Void

    /// Listens, and starts the local workers; they prepare while the data are read.
    ///
    /// - Throws: `Failure(.workers)` if an endpoint cannot be bound or a worker not be started.
    init(_ plan: Plan, interruption: any InterruptionSource, observers: RunObservers) throws {
        self.plan = plan
        self.observers = observers
        let chaos = plan.chaos.map { Chaos($0, lease: plan.membership.lease) }
        let workers = LocalWorkers(areAllNeeded: plan.stepLimit != nil, chaos: chaos)
        self.chaos = chaos
        self.workers = workers
        self.observe = { event in
            switch event {
            case .stepCompleted, .evaluated: workers.runMoved()
            default: break
            }
            chaos?.observe(event)
            observers.observe(event)
        }
        context = try Context()
        cache = try DataSetCache()
        let local = Endpoint.uniqueLocal()
        let secret = Secret.random()
        let memory = try SharedMemory()
        let cores = Processors.available()
        crew = try ThreadCrew(count: min(cores, 8))
        pool = try WorkerPool(
            WorkerPool.Settings(
                local: local, secret: secret, remote: try plan.remote?.settings(in: context), version: Version.current,
                loss: chaos, memory: memory),
            context: context, processes: workers, interruption: interruption)
        if let remote = plan.remote, let endpoint = try pool.remoteEndpoint {
            remote.announce(endpoint, observe)
        }
        try workers.start(
            plan.localWorkers, endpoint: local, secret: secret,
            heartbeat: min(.seconds(1), plan.membership.lease / 5), threads: plan.threads, memory: memory)
    }

    /// The faults on purpose that have struck so far, in words; nil where none are wanted.
    var chaosStory: String? { chaos?.story }

    /// Where the time of the question under way has gone so far.
    var time: RoundClock { pool.time }

    /// The local workers' processes that have not ended.
    var workerProcesses: [Int32] { workers.identifiers }

    /// Trains the questions.
    ///
    /// - Parameter completed: called with each result as it is there, and the trained parameters.
    /// - Throws: `Failure`, or `Interrupted`; the workers are ended in any case.
    func train(_ completed: (QuestionResult, any Model) throws -> Void) throws {
        defer { end() }
        for (question, configuration) in plan.questions {
            try train(question, configuration, completed)
        }
    }

    private func train(
        _ question: any Question, _ configuration: Configuration,
        _ completed: (QuestionResult, any Model) throws -> Void
    ) throws {
        let start = ContinuousClock.now
        let data = try question.loadData(from: plan.folder)
        let file = try DataFile(data, in: cache)
        let keeper = try CheckpointWriter(
            plan.checkpoints,
            identity: TrainingIdentity(
                question: question.name, configuration: configuration, seed: plan.seed, dataHash: file.hash),
            observe: observe)
        let session = try Session(
            question, data: data, seed: plan.seed, workersNeeded: plan.stepLimit == nil ? 1 : plan.localWorkers,
            membership: plan.membership, crew: crew, stepLimit: plan.stepLimit, resuming: keeper?.snapshot)
        if let path = plan.initialParametersFile, keeper?.snapshot == nil {
            try ParameterFile(contentsOf: path).copy(into: session.trainedModel.parameters, path: path)
        }
        observe(.started(describe(question, data, session)))
        func pictures() throws -> [Picture] { try question.pictures(session.trainedModel, data: data) }
        if observers.showPictures { try observers.show(pictures) }
        var firstPassed: Double?
        let goal = question.goal
        let time = try serve(session, question, configuration, file, keeper) { [observe, observers] event in
            if case .evaluated(_, _, goal.validation, _, let value, let threshold) = event,
                goal.passes(value, bound: threshold)
            {
                keeper?.thresholdPassed()
                firstPassed = firstPassed ?? (ContinuousClock.now - start).seconds
            }
            observe(event)
            if observers.wantPicture {
                switch event {
                case .stepCompleted, .evaluated: observers.tryToShow(pictures)
                default: break
                }
            }
            keeper?.writeIfDue(session)
        }
        let seconds = keeper?.seconds ?? (ContinuousClock.now - start).seconds
        let checks = plan.stepLimit == nil ? try question.checks(session.trainedModel, data: data) : []
        if observers.showPictures { try observers.show(pictures) }
        observe(.finished)
        let result = QuestionResult(
            question: question, outcome: session.outcome, checks: checks, seconds: seconds,
            secondsToThreshold: keeper?.secondsToThreshold ?? firstPassed, time: time,
            workers: plan.localWorkers + pool.remoteMemberCount,
            parameterCount: session.parameters.count, parametersSHA256: session.parameters.values.sha256,
            dataSource: data.source, dataSHA256: data.sourceSHA256, isSynthetic: data.isSynthetic)
        if plan.stepLimit == nil { observe(.graded(result.grade)) }
        try completed(result, session.trainedModel)
    }

    /// Has the workers train a session to its end, and keeps its state when it ends and when it is cut short.
    private func serve(
        _ session: Session, _ question: any Question, _ configuration: Configuration, _ file: DataFile,
        _ keeper: CheckpointWriter?, _ observe: @escaping (TrainingEvent) -> Void
    ) throws -> RoundClock {
        if session.isFinished { return RoundClock() }
        let time: RoundClock
        do {
            time = try pool.train(
                session, question: question.name, configuration: configuration.canonicalJSON(), seed: plan.seed,
                dataFile: file, tellsPieces: { [observers] in observers.wantPieces }, observe: observe)
        } catch let interrupted as Interrupted {
            try keeper?.write(session)
            throw interrupted
        } catch let failure as Failure where failure.category == .workers {
            keeper?.tryWrite(session)
            throw failure
        }
        keeper?.tryWrite(session)
        return time
    }

    private func describe(_ question: any Question, _ data: DataSet, _ session: Session) -> TrainingEvent.Start {
        var batchSize: Int?
        if case .gradientDescent(let recipe) = question.method { batchSize = recipe.batchSize }
        return TrainingEvent.Start(
            question: question.name, title: type(of: question).title, workers: plan.localWorkers,
            shards: question.method.shards, batchSize: batchSize, parameterCount: session.parameters.count,
            dataSource: data.source, isSynthetic: data.isSynthetic, metric: question.goal.metric,
            threshold: question.goal.metric == .checks ? nil : question.goal.threshold)
    }

    /// Dismisses the workers and waits for the local ones to end.
    private func end() {
        if let chaosStory { observe(.note("chaos: \(chaosStory)")) }
        workers.end(told: pool.dismiss())
    }
}
