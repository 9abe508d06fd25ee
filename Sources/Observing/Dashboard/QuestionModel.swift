import Questions
import Training

/// What the page shows of a question, made from its events.
struct QuestionModel {
    private var shown: RunState.Question
    private var progress = ProgressState()
    private var curve = LossCurve()
    private var scores = ScoreList()
    private var hasNewPictures = true
    /// Whether something has happened since the last change.
    private(set) var hasChanged = true

    /// The word for it on the command line.
    var name: String { shown.start.question }

    /// A question that begins.
    init(_ start: TrainingEvent.Start, at seconds: Double) {
        shown = RunState.Question(start: start, beganAt: seconds)
        progress.receive(.started(start), at: seconds)
    }

    /// Takes an event in that belongs to the question.
    mutating func receive(_ event: TrainingEvent, at seconds: Double) {
        hasChanged = true
        switch event {
        case .stepCompleted(let step, _, _, let loss, _):
            curve.add(loss, step: step)
            progress.receive(event, at: seconds)
        case .evaluated(let step, let epoch, let split, _, let value, _):
            scores.add(RunState.Score(step: step, epoch: epoch, split: split, value: value))
            progress.receive(event, at: seconds)
        case .pictured(let pictures):
            shown.pictures = pictures
            shown.picturedAt = progress.step
            hasNewPictures = true
        case .finished:
            shown = withProgress
            shown.isFinished = true
            shown.seconds = seconds - shown.beganAt
            shown.secondsLeft = nil
        default: break
        }
    }

    /// The question was scored.
    mutating func graded(_ grade: TrainingEvent.Grade) {
        hasChanged = true
        shown.grade = grade
        shown.seconds = grade.seconds
    }

    /// Everything so far.
    var state: RunState.Question {
        var state = withProgress
        state.lossCurve = curve.whole
        state.scores = scores.scores
        return state
    }

    /// What is new since the last change.
    mutating func takeChange() -> RunState.Question {
        var change = withProgress
        change.lossCurve = curve.takeChange()
        change.scores = scores.takeChange()
        if !hasNewPictures { change.pictures = nil }
        hasNewPictures = false
        hasChanged = false
        return change
    }

    /// What is shown, with the numbers of the training under way.
    private var withProgress: RunState.Question {
        guard !shown.isFinished else { return shown }
        var state = shown
        state.seconds = progress.elapsed
        state.step = progress.step
        state.totalSteps = progress.totalSteps
        state.epoch = progress.epoch
        state.loss = progress.loss
        state.samplesPerSecond = progress.examplesPerSecond
        state.secondsLeft = progress.secondsLeft
        return state
    }
}
