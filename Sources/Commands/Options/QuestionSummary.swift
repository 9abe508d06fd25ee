import Diagnostics
import Questions

/// What the command line needs to know of a question.
public struct QuestionSummary: Sendable, Equatable {
    /// The word for it on the command line.
    public let name: String
    /// What is learned, in a line.
    public let title: String
    /// The points it is worth; `all` stands for the questions that are worth any.
    public let possiblePoints: Int

    /// Creates a summary.
    public init(name: String, title: String, possiblePoints: Int) {
        self.name = name
        self.title = title
        self.possiblePoints = possiblePoints
    }

    /// The questions that words of the command line name, each once, in order; `all` means every graded one.
    ///
    /// - Throws: `Failure` (usage) if there is no word, or one names no question.
    static func names(of words: [String], among questions: [QuestionSummary]) throws -> [String] {
        let known = questions.map(\.name) + ["all"]
        guard !words.isEmpty else {
            throw Failure(.usage, "no question given", remedy: "name one of \(known.joined(separator: ", "))")
        }
        var names: [String] = []
        for word in words {
            guard known.contains(word) else {
                let near = ConfigurationSpelling.nearest(to: word, among: known).map { "did you mean '\($0)'? " } ?? ""
                throw Failure(
                    .usage, "unknown question", at: word,
                    remedy: "\(near)there are \(known.joined(separator: ", "))")
            }
            names += word == "all" ? questions.filter { $0.possiblePoints > 0 }.map(\.name) : [word]
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
