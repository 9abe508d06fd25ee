import Diagnostics

/// The options of `benchmark scaling`, `step` and `observers`, as plain values.
public struct ScalingOptions: Sendable, Equatable {
    /// The question to train.
    public var question: String
    /// The numbers of workers to compare, in order.
    public var workers: [Int]
    /// The number of steps of a run.
    public var steps: Int
    /// How often each number of workers is measured.
    public var rounds: Int
    /// Whether to measure with a fixed batch a worker too.
    public var isWeak: Bool
    /// Whether to train to the end too.
    public var isTrainedToThreshold: Bool
    /// The file for the chart; nil for none.
    public var chartFile: String?
    /// The options of each run, but for the number of workers.
    public var run: CoordinatorOptions

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(
        _ arguments: [String], environment: [String: String], questions: [QuestionSummary]
    ) throws -> ScalingOptions {
        try ScalingOptions(
            ParsedOptions(arguments, for: .scaling, environment: environment), questions: questions)
    }

    init(_ parsed: ParsedOptions, questions known: [QuestionSummary]) throws {
        run = try CoordinatorOptions(parsed, questions: known)
        guard run.questions.count == 1, let question = run.questions.first else {
            throw Failure(.usage, "one question is measured at a time", at: run.questions.joined(separator: " "))
        }
        self.question = question
        workers = parsed.integers("workers") ?? [1, 2]
        steps = parsed.integer("steps") ?? 100
        rounds = parsed.integer("rounds") ?? 3
        isWeak = parsed.flag("weak")
        isTrainedToThreshold = parsed.flag("to-threshold")
        chartFile = parsed.text("chart")
        run.showsGraphics = false
        run.isQuiet = true
    }
}
