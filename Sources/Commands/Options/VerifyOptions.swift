import Diagnostics

/// The options of `coordinator verify`, as plain values.
public struct VerifyOptions: Sendable, Equatable {
    /// The numbers of workers whose results are compared, in order.
    public var workers: [Int]
    /// The options of each run, but for the number of workers; the faults are those of the disturbed runs.
    public var run: CoordinatorOptions

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(
        _ arguments: [String], environment: [String: String], questions: [QuestionSummary]
    ) throws -> VerifyOptions {
        try VerifyOptions(ParsedOptions(arguments, for: .verify, environment: environment), questions: questions)
    }

    init(_ parsed: ParsedOptions, questions known: [QuestionSummary]) throws {
        run = try CoordinatorOptions(parsed, questions: known)
        workers = parsed.integers("workers") ?? [1, 2, 3, 4]
        if workers.count == 1, run.chaos == nil {
            throw Failure(
                .usage, "nothing to compare", at: "--workers \(workers[0])", because: "it is one run only",
                remedy: "name several numbers of workers, or add --chaos")
        }
    }
}
