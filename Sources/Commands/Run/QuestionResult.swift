import Exchange
import Questions
import Training

/// What came of one question: what the report, the grades and the exit code are made of.
struct QuestionResult {
    /// The question.
    let question: any Question
    /// The scores and counts of the training.
    let outcome: Outcome
    /// The properties the grader checks.
    let checks: [Check]
    /// Seconds from the start of the question to its last score.
    let seconds: Double
    /// Seconds until the validation score first passed the threshold; nil if it never did.
    let secondsToThreshold: Double?
    /// Where the time went.
    let time: RoundClock
    /// The workers the run was asked to have.
    let workers: Int
    /// The parameters, counted as single numbers.
    let parameterCount: Int
    /// SHA-256 of the parameters.
    let parametersSHA256: String
    /// Where the data came from.
    let dataSource: String
    /// SHA-256 of the file the data came from; empty if they were made.
    let dataSHA256: String
    /// Whether Lockstep made the data up.
    let isSynthetic: Bool

    /// The score of the split that decides; nil for a question of checks only.
    var score: Double? { outcome.scores[question.goal.test] }

    /// Whether the score passes and every check holds.
    var passed: Bool {
        guard checks.allSatisfy(\.passed) else { return false }
        let goal = question.goal
        guard goal.metric != .checks else { return true }
        return score.map { goal.passes($0, bound: goal.threshold) } ?? false
    }

    /// The points it earned: all or none.
    var points: Int { passed ? possiblePoints : 0 }

    /// The points it is worth.
    var possiblePoints: Int { type(of: question).possiblePoints }

    /// What observers are told of it.
    var grade: TrainingEvent.Grade {
        let goal = question.goal
        return TrainingEvent.Grade(
            question: question.name, passed: passed, points: points, possiblePoints: possiblePoints,
            metric: goal.metric, threshold: goal.metric == .checks ? nil : goal.threshold,
            validation: outcome.scores[goal.validation], test: score, seconds: seconds,
            parametersSHA256: parametersSHA256)
    }

    /// Examples computed a second.
    var samplesPerSecond: Double { seconds > 0 ? Double(outcome.examples) / seconds : 0 }
}
