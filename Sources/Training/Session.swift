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
    /// A worker that had lost its place answered.
    case strayAnswer
    /// A worker was heard of, which renews its lease.
    case heard(WorkerID)
    /// A worker that is not ready yet has come closer to it, so that it is worth waiting.
    case preparing
    /// Time has passed; due at least every `Session.longestSilence`.
    case tick
}

/// What a session wants done.
public enum SessionAction {
    /// Hand a piece of work to a worker, with the parameters if it does not have that generation yet.
    ///
    /// From now on the memory of the gradients that it answered with before may be written again.
    case assign(WorkerID, Work)
    /// A worker has lost its place: what it still says counts no more, and it has to join anew.
    case evict(WorkerID, reason: String)
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
    /// Where the parameters lie unless they are lent out.
    private let home: Storage
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
    /// Partial results of an evaluation by chunk.
    var evaluated: [Int: Partial] = [:]
    /// The first mistake that a search has found so far.
    var firstMistake: Int32?
    /// Sums gradients and changes the parameters.
    let update: ParameterUpdate
    /// How batches of each size are cut.
    var cuts = ShardCuts()
    /// The workers that are ready.
    var roster = Roster()
    /// What the workers' silence and slowness is measured by.
    var clock: SessionClock
    var pieceTimes = PieceTimes()
    /// When there were last enough workers, or hope of more.
    var waitingSince = Duration.zero
    /// How often workers were put out because they owed an answer, since the last one came.
    var answerAttempts = 0
    /// Who computed the step under way, and whether what they found was finite.
    var contributions: [Contribution] = []
    /// The rules the workers are held to.
    public let membership: Membership
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
    ///   - membership: when a worker counts as gone, and how many there must be.
    ///   - crew: the threads that sum gradients and change parameters; the result does not depend on them.
    ///   - stepLimit: ends it after so many steps at the latest, and leaves out all evaluations, to be measured.
    ///   - snapshot: the state to go on from, of a session of the same question, data and seed; nil begins anew. The
    ///     result is that of the session it was taken from, to the last bit.
    /// - Throws: what the question throws when data or configuration do not fit; `Failure(.data)` if the snapshot
    ///   does not fit them.
    public init(
        _ question: any Question, data: DataSet, seed: UInt64, workersNeeded: Int = 1,
        membership: Membership = Membership(), crew: any Crew = SingleThread(), stepLimit: Int? = nil,
        resuming snapshot: Snapshot? = nil
    ) throws {
        self.question = question
        self.data = data
        self.workersNeeded = max(workersNeeded, membership.minimumWorkers)
        self.membership = membership
        clock = SessionClock(longestLook: membership.lease / 2)
        self.stepLimit = stepLimit
        key = RandomKey(seed: seed)
        model = try question.makeModel(data, key: key.child("parameters"))
        home = Storage(count: model.parameters.reduce(0) { $0 + $1.shape.count })
        parameters = ParameterVector(
            model.parameters, values: Storage(borrowing: home.pointer, count: home.count))
        var optimizer: any Optimizer = SGD(parameterCount: 0)
        if case .gradientDescent(let recipe) = question.method {
            optimizer = recipe.makeOptimizer(parameterCount: parameters.count)
        }
        update = ParameterUpdate(optimizer, parameters: parameters, crew: crew)
        if let snapshot { try restore(snapshot) }
    }

    /// The trained model, with the newest parameters in place.
    public var trainedModel: any Model { model }

    /// Moves the parameters into other memory, from which others may read them.
    ///
    /// - Parameter memory: room for all of them; it must stay valid until the parameters are moved again.
    public func moveParameters(to memory: UnsafeMutablePointer<Float>) {
        guard memory != parameters.values.pointer else { return }
        memory.update(from: parameters.values.pointer, count: parameters.count)
        parameters.values.rebind(to: memory)
    }

    /// Moves the parameters back into memory of the session's own.
    public func bringParametersHome() { moveParameters(to: home.pointer) }

    /// Takes note of an event and says what is to be done.
    ///
    /// - Returns: what is to be done, in order.
    /// - Throws: as `handle(_:at:into:)`.
    public func handle(_ event: SessionEvent, at now: Duration = .zero) throws -> [SessionAction] {
        var actions: [SessionAction] = []
        try handle(event, at: now, into: &actions)
        return actions
    }

    /// Takes note of an event and appends what is to be done.
    ///
    /// Once every kind of event has occurred, a step allocates nothing, if there is room for its actions.
    ///
    /// - Parameter now: a monotonic clock's reading; its jumps do no harm. Without one, no lease ever runs out.
    /// - Throws: `Failure(.diverged)` if losses or gradients are not finite again and again; `Failure(.workers)` if
    ///   there are too few workers for too long (on a `tick` only), or an answer is malformed; what the question throws.
    public func handle(_ event: SessionEvent, at now: Duration, into actions: inout [SessionAction]) throws {
        clock.advance(to: now)
        switch event {
        case .workerReady(let worker):
            guard roster.add(worker, at: clock.elapsed) else { break }
            if case .starting(let place) = phase, roster.count >= workersNeeded { try resume(at: place, &actions) }
        case .workerLost(let worker): _ = remove(worker)
        case .heard(let worker): roster.heard(worker, at: clock.elapsed)
        case .preparing: waitingSince = clock.elapsed
        case .strayAnswer: outcome.staleAnswers += 1
        case .tick: try checkWaiting()
        case .answered(let worker, let result): try take(result, from: worker, &actions)
        }
        evictLost(&actions)
        handOut(&actions)
        if hasEnoughWorkers { waitingSince = clock.elapsed }
    }

    /// The number of workers that are ready.
    public var workerCount: Int { roster.count }

    /// Takes an answer, unless it is stale: not its work, done by another, or of another round.
    private func take(_ result: WorkResult, from worker: WorkerID, _ actions: inout [SessionAction]) throws {
        roster.heard(worker, at: clock.elapsed)
        if let work = round.open(round: result.round, shards: result.shards) { try check(result, for: work) }
        let settled = roster.settle(worker, round: result.round, shards: result.shards, at: clock.elapsed)
        if result.round == round.number {
            for shards in settled?.lost ?? [] { outcome.shardsReissued += round.takeBack(shards, from: worker) }
        }
        guard let work = round.open(round: result.round, shards: result.shards, heldBy: worker) else {
            outcome.staleAnswers += 1
            return
        }
        if let settled { pieceTimes.add(settled.time, of: work.kind) }
        answerAttempts = 0
        round.close(work)
        absorb(result, for: work, from: worker)
        if round.isComplete { try advance(&actions) }
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
            case .search: result.mistake.map { (0..<work.examples.count).contains($0) } ?? true
            }
        guard fits, result.partial.correct <= result.partial.terms else {
            throw Failure(.workers, "malformed answer", because: "it does not fit the work on shards \(work.shards)")
        }
    }

    /// Adds an answer to what the round has come to.
    private func absorb(_ result: WorkResult, for work: Work, from worker: WorkerID) {
        switch work.kind {
        case .gradient:
            note(result.partial, of: worker)
            reduction.insert(result.partial, run: work.shards, from: worker)
        case .evaluation:
            evaluated[work.shards.lowerBound] = result.partial
        case .search:
            if let mistake = result.mistake.map(work.example) { firstMistake = min(firstMistake ?? mistake, mistake) }
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

    /// How many workers the next round is cut for: those that are not still busy with an earlier one.
    var divisor: Int { max(freeCount, 1) }

    func finish(_ actions: inout [SessionAction]) {
        phase = .finished
        round.next(.search)
        reduction.restart(shards: 1)
        actions.append(.finish)
    }
}
