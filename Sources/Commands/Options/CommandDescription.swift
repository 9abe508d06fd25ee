/// What people are told of a command: help, manual page and completion are written from it and the option table.
struct CommandDescription: Sendable {
    /// A word on the command line that is no option.
    struct Operand: Sendable {
        /// What stands for it in help.
        let placeholder: String
        /// What kind of word it is.
        let kind: Option.Kind
        /// Whether there may be more than one; then it is the last.
        let repetition: Option.Repetition
    }

    /// Words and what they mean, under a heading.
    struct List: Sendable {
        let title: String
        let rows: [Row]
    }

    /// A word and what it means.
    struct Row: Sendable {
        let word: String
        let meaning: String

        init(_ word: String, _ meaning: String) {
            self.word = word
            self.meaning = meaning
        }
    }

    /// A command line to try.
    struct Example: Sendable {
        let line: String
        /// What it does; empty where the line says it.
        let comment: String

        init(_ line: String, _ comment: String = "") {
            self.line = line
            self.comment = comment
        }
    }

    /// What it does, in a clause without a full stop.
    let summary: String
    /// The ways to call it.
    let usage: [String]
    /// The operands, in order.
    var operands: [Operand] = []
    /// What it does, by paragraphs.
    let text: [String]
    /// What may stand for an operand.
    var lists: [List] = []
    /// Command lines to try.
    let examples: [Example]
    /// Exit codes and their meanings.
    let exitCodes: [Row]
}

extension CommandDescription.Operand {
    /// One or more of the questions, or all of them.
    static func questions(_ known: [QuestionSummary]) -> Self {
        Self(placeholder: "QUESTION", kind: .choice(known.map(\.name) + ["all"]), repetition: .collected)
    }

    /// One of the questions.
    static func question(_ known: [QuestionSummary]) -> Self {
        Self(placeholder: "QUESTION", kind: .choice(known.map(\.name)), repetition: .once)
    }

    /// A file to write.
    static func file(_ placeholder: String) -> Self { Self(placeholder: placeholder, kind: .file, repetition: .once) }
}

extension CommandDescription.List {
    /// The questions that can be named.
    static func questions(_ questions: [QuestionSummary]) -> Self {
        let graded = questions.filter { $0.possiblePoints > 0 }
        let points = graded.reduce(0) { $0 + $1.possiblePoints }
        let rows = questions.map { question in
            let points = question.possiblePoints > 0 ? " (\(question.possiblePoints))" : ""
            return CommandDescription.Row(question.name, question.title + points)
        }
        return Self(
            title: "Questions (points)",
            rows: rows + [CommandDescription.Row("all", "every graded question (\(points))")])
    }
}

extension Option.Command {
    /// What people are told of it.
    ///
    /// - Parameter questions: those there are.
    func description(_ questions: [QuestionSummary]) -> CommandDescription {
        switch self {
        case .train: .train(questions)
        case .verify: .verify(questions)
        case .generate: .generate(questions)
        case .export: .export(questions)
        case .checkDependencies: .checkDependencies
        case .completion: .completion
        case .man: .man
        case .worker: .worker
        case .benchmark: .benchmark
        case .scaling: .scaling(questions)
        case .step: .step(questions)
        case .observers: .observers(questions)
        case .peers: .peers
        case .start: .start(questions)
        case .simulate: .simulate
        case .kernels: .kernels
        }
    }

    /// The environment variables that count, in the order of the option table.
    var environment: [CommandDescription.Row] {
        let variables = OptionTable.options(of: self).compactMap { option in
            option.variable.map { CommandDescription.Row($0, "Stands in for \(option.dashed).") }
        }
        guard self == .train else { return variables }
        return variables + [CommandDescription.Row("NO_COLOR", "No colours in the progress on a terminal.")]
    }
}
