import Questions
import Training

/// What `Metrics` has counted.
struct MetricsState {
    /// What there is of one question.
    struct Question {
        let start: TrainingEvent.Start
        var steps = 0
        var examples = 0
        var epochs = 0.0
        var loss: Double?
        var scores: [Split: Double] = [:]
        var durations = Histogram()
        var passed: Bool?
    }

    /// What there is of one worker, until it is lost.
    struct Worker {
        let host: String
        var examples = 0
        var compute = 0.0
        var exchange = 0.0
        var wait = 0.0
        /// When its last answer came; nil while nobody knows since when it waits.
        var idleSince: Double?
    }

    let version: String
    let started: Double
    private(set) var questions: [Question] = []
    private(set) var workers: [Int: Worker] = [:]
    private(set) var joined = 0
    private(set) var lost = 0
    private(set) var warnings = 0
    private let clock: RunClock
    private var watch: StepTimes.Watch

    init(version: String, clock: RunClock) {
        self.version = version
        self.clock = clock
        let now = clock.now
        started = now.unixTime - now.seconds
        watch = StepTimes.Watch(clock: clock)
    }

    /// Takes an event in.
    mutating func receive(_ event: TrainingEvent, at seconds: Double) {
        switch event {
        case .started(let start):
            watch.reset()
            questions.append(Question(start: start))
        case .stepCompleted(let step, _, let epoch, let loss, let examples):
            let times = watch.take()
            updateQuestion { question in
                question.steps = step
                question.examples += examples
                question.epochs = epoch
                question.loss = loss
                if let times { question.durations.add(max(0, seconds - times.began)) }
            }
        case .evaluated(_, _, let split, _, let value, _):
            _ = watch.take()
            updateQuestion { $0.scores[split] = value }
        case .pieceAnswered(let piece):
            watch.add(piece)
            receive(piece)
        case .workerJoined(let id, let host, _):
            joined += 1
            workers[id] = Worker(host: host)
        case .workerLost(let id, _):
            lost += 1
            workers[id] = nil
        case .warning: warnings += 1
        case .finished:
            for id in workers.keys { workers[id]?.idleSince = nil }
        case .graded(let grade): updateQuestion { $0.passed = grade.passed }
        case .note, .pictured: break
        }
    }

    /// A piece of work; a worker that has two begins the second when the first is answered.
    private mutating func receive(_ piece: TrainingEvent.Piece) {
        guard var worker = workers[piece.worker] else { return }
        let answered = clock.moment(of: piece.answered).seconds
        var assigned = clock.moment(of: piece.assigned).seconds
        if let idle = worker.idleSince {
            worker.wait += max(0, assigned - idle)
            assigned = max(assigned, idle)
        }
        let compute = min(max(0, piece.computeSeconds), max(0, answered - assigned))
        worker.compute += compute
        worker.exchange += max(0, answered - assigned - compute)
        worker.examples += piece.examples
        worker.idleSince = answered
        workers[piece.worker] = worker
    }

    private mutating func updateQuestion(_ change: (inout Question) -> Void) {
        guard !questions.isEmpty else { return }
        change(&questions[questions.count - 1])
    }
}
