import Questions

extension TrainingEvent {
    /// The provisional grade of a question.
    public struct Grade: Sendable, Equatable, Codable {
        /// The word for the question on the command line.
        public let question: String
        /// Whether the threshold was met and every check held.
        public let passed: Bool
        /// The points earned.
        public let points: Int
        /// The points there were to earn.
        public let possiblePoints: Int
        /// What the score measures.
        public let metric: Goal.Metric
        /// The score that passes; nil where only checks count.
        public let threshold: Double?
        /// The score on the validation examples.
        public let validation: Double?
        /// The score on the test examples, which decides.
        public let test: Double?
        /// Seconds from the start of the question to its end.
        public let seconds: Double
        /// SHA-256 of the parameters, in hexadecimal.
        public let parametersSHA256: String

        /// Creates a grade.
        public init(
            question: String, passed: Bool, points: Int, possiblePoints: Int, metric: Goal.Metric, threshold: Double?,
            validation: Double?, test: Double?, seconds: Double, parametersSHA256: String
        ) {
            self.question = question
            self.passed = passed
            self.points = points
            self.possiblePoints = possiblePoints
            self.metric = metric
            self.threshold = threshold
            self.validation = validation
            self.test = test
            self.seconds = seconds
            self.parametersSHA256 = parametersSHA256
        }
    }
}
