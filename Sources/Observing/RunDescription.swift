/// What is known of a run before anything happens in it.
public struct RunDescription: Sendable {
    /// The version of the program.
    public let version: String
    /// What keys everything random.
    public let seed: UInt64
    /// The questions to be trained, in order, each with its configuration as JSON.
    public let questions: [(name: String, configuration: String)]

    /// Creates a description.
    public init(version: String, seed: UInt64, questions: [(name: String, configuration: String)]) {
        self.version = version
        self.seed = seed
        self.questions = questions
    }
}
