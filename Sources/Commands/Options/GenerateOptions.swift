import Diagnostics

/// The options of `coordinator generate`, as plain values.
public struct GenerateOptions: Sendable, Equatable {
    /// The question whose model writes.
    public var question: String
    /// The file of the trained parameters.
    public var parametersFile: String
    /// What the text begins with.
    public var prompt: String
    /// The number of characters to generate.
    public var length: Int
    /// 0 for the likeliest character; else what the scores are divided by.
    public var temperature: Double
    /// How many of the likeliest characters may be drawn; nil for all.
    public var topK: Int?
    /// Key of everything random.
    public var seed: UInt64
    /// The configuration file; nil for the question's own.
    public var configurationFile: String?
    /// The assignments of `--set`, in order.
    public var settings: [String]
    /// The folder of the data files that `--data` names; nil without it, and then `LOCKSTEP_DATA` counts.
    public var dataFolder: String?

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(
        _ arguments: [String], environment: [String: String], questions: [QuestionSummary]
    ) throws -> GenerateOptions {
        try GenerateOptions(
            ParsedOptions(arguments, for: .generate, environment: environment), questions: questions)
    }

    init(_ parsed: ParsedOptions, questions known: [QuestionSummary]) throws {
        let named = try QuestionSummary.names(of: parsed.operands.isEmpty ? ["q7"] : parsed.operands, among: known)
        guard named.count == 1, let question = named.first else {
            throw Failure(.usage, "one question writes at a time", at: named.joined(separator: " "))
        }
        guard let file = parsed.text("parameters") else {
            throw Failure(
                .usage, "missing option", at: "--parameters",
                remedy: "train with 'coordinator --parameters FILE \(question)', then give the same FILE")
        }
        self.question = question
        parametersFile = file
        prompt = parsed.text("prompt") ?? "Pacman"
        length = parsed.integer("length") ?? 500
        temperature = parsed.number("temperature") ?? 1
        topK = parsed.integer("top-k")
        seed = UInt64(parsed.integer("seed") ?? 0)
        configurationFile = parsed.text("config")
        settings = parsed.texts("set")
        dataFolder = parsed.explicitText("data")
    }
}
