import Diagnostics

/// The options of `coordinator export`, as plain values.
public struct ExportOptions: Sendable, Equatable {
    /// Where the parameters are taken from.
    public enum Source: Sendable, Equatable {
        /// The newest checkpoint in a folder.
        case checkpoint(String)
        /// A file of parameters.
        case parameters(String)
    }

    /// The question whose parameters are written.
    public var question: String
    /// Where the parameters are taken from.
    public var source: Source
    /// The file to write.
    public var output: String

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(
        _ arguments: [String], environment: [String: String], questions: [QuestionSummary]
    ) throws -> ExportOptions {
        try ExportOptions(ParsedOptions(arguments, for: .export, environment: environment), questions: questions)
    }

    init(_ parsed: ParsedOptions, questions known: [QuestionSummary]) throws {
        guard parsed.operands.count == 2 else {
            throw Failure(
                .usage, "expected a question and a file", at: parsed.operands.joined(separator: " "),
                remedy: "write coordinator export --checkpoint DIR QUESTION OUTPUT")
        }
        let named = try QuestionSummary.names(of: [parsed.operands[0]], among: known)
        guard named.count == 1 else {
            throw Failure(.usage, "one question is exported at a time", at: parsed.operands[0])
        }
        question = named[0]
        output = parsed.operands[1]
        switch (parsed.text("checkpoint"), parsed.text("parameters")) {
        case (let folder?, nil): source = .checkpoint(folder)
        case (nil, let file?): source = .parameters(file)
        case (nil, nil):
            throw Failure(
                .usage, "missing option", at: "--checkpoint", remedy: "give --checkpoint DIR or --parameters FILE")
        case (_?, _?):
            throw Failure(.usage, "options do not fit", at: "--parameters", because: "with --checkpoint it has no use")
        }
    }
}
