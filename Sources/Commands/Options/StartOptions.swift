import Diagnostics

/// The options of `benchmark start`, as plain values.
public struct StartOptions: Sendable, Equatable {
    /// The question whose start is written.
    public var question: String
    /// The file to write.
    public var file: String
    /// The number of steps whose examples are written; nil for all of the recipe.
    public var steps: Int?
    /// Key of everything random.
    public var seed: UInt64
    /// Where the configuration comes from.
    public var configurations: ConfigurationSource
    /// The folder of the data files that `--data` names; nil without it, and then `LOCKSTEP_DATA` counts.
    public var dataFolder: String?

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(
        _ arguments: [String], environment: [String: String], questions: [QuestionSummary]
    ) throws -> StartOptions {
        try StartOptions(ParsedOptions(arguments, for: .start, environment: environment), questions: questions)
    }

    init(_ parsed: ParsedOptions, questions known: [QuestionSummary]) throws {
        guard parsed.operands.count == 2 else {
            throw Failure(
                .usage, "expected a question and a file", at: parsed.operands.joined(separator: " "),
                remedy: "write benchmark start QUESTION FILE")
        }
        let named = try QuestionSummary.names(of: [parsed.operands[0]], among: known)
        guard named.count == 1 else {
            throw Failure(.usage, "one question starts at a time", at: parsed.operands[0])
        }
        question = named[0]
        file = parsed.operands[1]
        steps = parsed.integer("steps")
        seed = UInt64(parsed.integer("seed") ?? 0)
        configurations = ConfigurationSource(
            file: parsed.text("config"), settings: parsed.texts("set"), shards: parsed.integer("shards"))
        dataFolder = parsed.explicitText("data")
    }
}
