import Questions
import Training

/// What the page shows, made from the events of a run; hands out states, and changes since the last one.
///
/// Its memory is bounded, however long the run is. Not thread-safe.
struct RunModel {
    /// The most notes that are kept.
    static let noteCapacity = 256
    /// The most characters of a text that comes from elsewhere.
    static let textCapacity = 1000

    private let clock: RunClock
    private var head: RunState
    private var questions: [QuestionModel] = []
    private var workers = WorkerTable()
    private var timeline = Timeline()
    private var newNotes = 0
    /// Whether something has happened since the last change.
    private(set) var hasChanged = false

    /// A run that is about to begin.
    ///
    /// - Parameter wanted: the questions to be trained, in order.
    init(version: String, seed: UInt64, wanted: [String], clock: RunClock) {
        self.clock = clock
        let now = clock.now
        head = RunState(version: version, seed: seed, startedAt: now.unixTime - now.seconds, wanted: wanted)
    }

    /// Takes an event in.
    mutating func receive(_ event: TrainingEvent, at moment: Moment) {
        hasChanged = true
        head.seconds = moment.seconds
        switch event {
        case .started(let start):
            timeline.clear()
            questions.append(QuestionModel(start, at: moment.seconds))
        case .pieceAnswered(let piece): take(piece)
        case .workerJoined(let id, let host, let pid): workers.joined(id: id, host: host, pid: pid)
        case .workerLost(let id, let reason): workers.lost(id: id, reason: reason)
        case .note(let text): note(text, isWarning: false)
        case .warning(let text): note(text, isWarning: true)
        case .graded(let grade):
            guard let place = questions.lastIndex(where: { $0.name == grade.question }) else { break }
            questions[place].graded(grade)
        case .stepCompleted(let step, _, _, _, _):
            timeline.completed(step: step, at: moment.seconds)
            tellQuestion(of: event, at: moment)
        case .evaluated, .pictured, .finished: tellQuestion(of: event, at: moment)
        }
    }

    /// The run is over.
    ///
    /// - Parameter failure: why it failed; nil if it ended well.
    mutating func end(at moment: Moment, failure: String?) {
        hasChanged = true
        head.seconds = moment.seconds
        head.isOver = true
        head.failure = failure.map { String($0.prefix(Self.textCapacity)) }
    }

    /// Everything so far.
    var state: RunState {
        var state = head
        state.questions = questions.map(\.state)
        state.workers = workers.workers(at: head.seconds)
        state.timeline = timeline.steps
        return state
    }

    /// What is new since the last change.
    mutating func takeChange() -> RunState {
        var change = head
        for place in questions.indices where questions[place].hasChanged {
            change.questions.append(questions[place].takeChange())
        }
        change.workers = workers.workers(at: head.seconds)
        change.timeline = timeline.steps
        change.notes = Array(head.notes.suffix(newNotes))
        newNotes = 0
        hasChanged = false
        return change
    }

    private mutating func tellQuestion(of event: TrainingEvent, at moment: Moment) {
        guard let last = questions.indices.last else { return }
        questions[last].receive(event, at: moment.seconds)
    }

    private mutating func take(_ piece: TrainingEvent.Piece) {
        let assigned = clock.moment(of: piece.assigned).seconds
        let answered = clock.moment(of: piece.answered).seconds
        workers.answered(piece, assigned: assigned, answered: answered)
        guard piece.kind != .evaluation else { return }
        timeline.add(
            RunState.Piece(
                worker: piece.worker, shards: piece.shards, assigned: assigned, answered: answered,
                compute: piece.computeSeconds))
    }

    private mutating func note(_ text: String, isWarning: Bool) {
        if head.notes.count == Self.noteCapacity { head.notes.removeFirst() }
        head.notes.append(
            RunState.Note(
                seconds: head.seconds, text: String(text.prefix(Self.textCapacity)), isWarning: isWarning))
        newNotes = min(newNotes + 1, Self.noteCapacity)
    }
}
