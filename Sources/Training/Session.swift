import Datasets
import Diagnostics
import NeuralNetworks
import Questions
import Tensors

/// What happens to a session.
public enum SessionEvent {
    /// A worker is ready to compute for this session.
    case workerReady(WorkerID)
    /// A worker is gone; what it held goes to others.
    case workerLost(WorkerID)
    /// A worker answered.
    case answered(WorkerID, WorkResult)
}

/// What a session wants done.
public enum SessionAction {
    /// Hand a piece of work to a worker, with the parameters if it does not have that generation yet.
    case assign(WorkerID, Work)
    /// Tell observers.
    case observe(TrainingEvent)
    /// The session is over; `Session.outcome` says how.
    case finish
}

/// The training of one question: which work is to be done next, and what follows from the answers.
///
/// A pure state machine: events in, actions out. It knows no socket, clock, file or thread, so the same code runs for
/// real and in simulation. Parameters, optimizer state and the place in the data live here and nowhere else. Not
/// thread-safe.
public final class Session {
    let question: any Question
    let data: DataSet
    let model: any Model
    let key: RandomKey
    /// All parameters, of the newest generation.
    public let parameters: ParameterVector
    /// How often the parameters have changed.
    public internal(set) var generation: UInt64 = 0
    /// What came of the session; final when `SessionAction.finish` was given.
    public internal(set) var outcome = Outcome()
    /// How far the training is.
    var phase: Phase = .starting(.start)
    /// The work under way.
    var round = Round(number: 0, kind: .search)
    /// What the answers to the round have added up to.
    var reduction = CanonicalReduction(shards: 1)
    /// Partial results of an evaluation by chunk, or mistakes of a search by shard.
    var evaluated: [Int: Partial] = [:]
    var mistakes: [Int: Int] = [:]
    var optimizer: any Optimizer
    private var workers: [WorkerID] = []
    /// The number of workers that must be ready before the session begins.
    private let workersNeeded: Int
    /// The number of steps after which the session ends without any evaluation; nil to go by the recipe.
    let stepLimit: Int?

    /// What a session is busy with.
    enum Phase {
        /// No worker was there yet; it will begin, or go on, at a place.
        case starting(Snapshot.Place)
        /// Steps along gradients.
        case training(TrainingCursor)
        /// An evaluation in mid-training, then on with it.
        case validating(TrainingCursor)
        /// The evaluations at the end, of the splits that are left.
        case scoring([Split])
        /// The perceptron's search for mistakes.
        case searching(SearchCursor)
        /// Over.
        case finished
    }

    /// Creates a session that waits for its first worker.
    ///
    /// - Parameters:
    ///   - question: what is learned.
    ///   - data: what it is learned from.
    ///   - seed: keys the initial parameters, the order of the examples and the random numbers of the steps.
    ///   - workersNeeded: how many workers must be ready before it begins; more than one only to be measured.
    ///   - stepLimit: ends it after so many steps at the latest, and leaves out all evaluations, to be measured.
    ///   - snapshot: the state to go on from, of a session of the same question, data and seed; nil begins anew. The
    ///     result is that of the session it was taken from, to the last bit.
    /// - Throws: what the question throws when data or configuration do not fit; `Failure(.data)` if the snapshot
    ///   does not fit them.
    public init(
        _ question: any Question, data: DataSet, seed: UInt64, workersNeeded: Int = 1, stepLimit: Int? = nil,
        resuming snapshot: Snapshot? = nil
    ) throws {
        self.question = question
        self.data = data
        self.workersNeeded = workersNeeded
        self.stepLimit = stepLimit
        key = RandomKey(seed: seed)
        model = try question.makeModel(data, key: key.child("parameters"))
        parameters = ParameterVector(model.parameters)
        if case .gradientDescent(let recipe) = question.method {
            optimizer = recipe.makeOptimizer(parameterCount: parameters.count)
        } else {
            optimizer = SGD(parameterCount: 0)
        }
        if let snapshot { try restore(snapshot) }
    }

    /// The trained model, with the newest parameters in place.
    public var trainedModel: any Model { model }

    /// Takes note of an event and says what is to be done.
    ///
    /// - Throws: `Failure(.diverged)` if a loss or gradient is not finite; what the question throws.
    public func handle(_ event: SessionEvent) throws -> [SessionAction] {
        var actions: [SessionAction] = []
        switch event {
        case .workerReady(let worker):
            workers.append(worker)
            if case .starting(let place) = phase, workers.count >= workersNeeded {
                try resume(at: place, &actions)
            }
        case .workerLost(let worker):
            guard let index = workers.firstIndex(of: worker) else { break }
            workers.remove(at: index)
            outcome.workersLost += 1
            outcome.shardsReissued += round.takeBack(from: worker)
        case .answered(_, let result):
            guard let work = round.open(round: result.round, shards: result.shards) else {
                outcome.staleAnswers += 1
                break
            }
            try check(result, for: work)
            round.close(work)
            absorb(result, for: work)
            if round.isComplete { try advance(&actions) }
        }
        handOut(&actions)
        return actions
    }

    /// The number of workers that are ready.
    public var workerCount: Int { workers.count }

    /// Gives waiting pieces of the round to workers that have room.
    private func handOut(_ actions: inout [SessionAction]) {
        // A second piece in hand hides the way of the answer; a step has one piece for each worker anyway.
        let room = round.kind == .evaluation ? 2 : 1
        for depth in 1...room {
            for worker in workers where round.held(by: worker) < depth {
                guard let work = round.take(for: worker) else { return }
                actions.append(.assign(worker, work))
            }
        }
    }

    func begin(_ actions: inout [SessionAction]) throws {
        switch question.method {
        case .gradientDescent(let recipe):
            let sampler = try question.trainingSampler(data, batchSize: recipe.batchSize, key: key.child("order"))
            try beginStep(TrainingCursor(recipe: recipe, sampler: sampler), &actions)
        case .perceptron(let window, let maximumEpochs, let shards):
            let count = try question.exampleCount(.training, in: data)
            try beginSearch(
                SearchCursor(count: count, window: window, maximumEpochs: maximumEpochs, shards: shards), &actions)
        case .checksOnly:
            finish(&actions)
        }
    }

    /// Sees that an answer fits its work, since it may have come from anywhere.
    private func check(_ result: WorkResult, for work: Work) throws {
        let fits =
            switch work.kind {
            case .gradient: result.partial.terms > 0 && result.partial.gradient?.count == parameters.count
            case .evaluation: result.partial.terms > 0
            case .search: result.mistake.map { work.examples.indices.contains($0) } ?? true
            }
        guard fits, result.partial.correct <= result.partial.terms else {
            throw Failure(.workers, "malformed answer", because: "it does not fit the work on shards \(work.shards)")
        }
    }

    /// Adds an answer to what the round has come to.
    private func absorb(_ result: WorkResult, for work: Work) {
        switch work.kind {
        case .gradient:
            reduction.insert(result.partial, run: work.shards)
        case .evaluation:
            evaluated[work.shards.lowerBound] = result.partial
        case .search:
            if let mistake = result.mistake { mistakes[work.shards.lowerBound] = Int(work.examples[mistake]) }
        }
    }

    /// Goes on when every piece of the round is answered.
    private func advance(_ actions: inout [SessionAction]) throws {
        switch phase {
        case .training(let cursor): try completeStep(cursor, &actions)
        case .validating(let cursor): try completeValidation(cursor, &actions)
        case .scoring(let splits): try completeScore(splits, &actions)
        case .searching(let cursor): try completeSearch(cursor, &actions)
        case .starting, .finished: break
        }
    }

    /// Starts a new round in place of the completed one.
    func newRound(_ kind: Work.Kind) {
        round = Round(number: round.number + 1, kind: kind)
    }

    /// How many workers the next round is cut for.
    var divisor: Int { max(workers.count, 1) }

    func finish(_ actions: inout [SessionAction]) {
        phase = .finished
        round = Round(number: round.number + 1, kind: .search)
        actions.append(.finish)
    }
}
