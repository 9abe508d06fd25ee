/// What came of a run, as `--report` writes it.
///
/// A number that is not finite, or was not measured, is null.
public struct Report: Codable, Sendable, Equatable {
    /// The version of this format.
    public var schema = 1
    /// The version of Lockstep.
    public var version: String
    /// The seed of the run.
    public var seed: UInt64
    /// Seconds from the start of the run to its end.
    @Measured public var seconds: Double?
    /// The points earned.
    public var points: Int
    /// The points there were to earn.
    public var possiblePoints: Int
    /// A result for each question, in the order of the run.
    public var questions: [QuestionReport]

    /// Creates the report of a run; the points are those of the questions.
    public init(version: String = Version.current, seed: UInt64, seconds: Double, questions: [QuestionReport]) {
        self.version = version
        self.seed = seed
        self.questions = questions
        points = questions.reduce(0) { $0 + $1.points }
        possiblePoints = questions.reduce(0) { $0 + $1.possiblePoints }
        self.seconds = seconds
    }
}
