/// The help pages, written from the option table and the descriptions of the commands.
enum CommandHelp {
    /// The columns a page fills.
    static let width = 88
    private static let indent = 26
    private static let exampleIndent = 42

    /// The help page of a command.
    static func page(for command: Option.Command, questions: [QuestionSummary]) -> String {
        let description = command.description(questions)
        let usage = description.usage.enumerated().map { ($0 == 0 ? "Usage: " : "       ") + $1 }
        var sections = [usage.joined(separator: "\n")] + description.text.map { wrap($0, indent: 0) }
        let subcommands = command.subcommands.map {
            CommandDescription.Row($0.word, $0.command.description(questions).summary)
        }
        sections += section("Commands ('\(command.rawValue) COMMAND --help' says more)", subcommands)
        for list in description.lists { sections += section(list.title, list.rows) }
        let examples = description.examples.map { row($0.line, $0.comment, indent: exampleIndent) }
        sections.append(
            ((examples.count == 1 ? ["Example:"] : ["Examples:"]) + examples).joined(separator: "\n"))
        let options = OptionTable.options(of: command)
        for group in Option.Group.allCases {
            sections += section(
                group.rawValue,
                options.filter { $0.group == group }.map { CommandDescription.Row($0.usage, $0.help) })
        }
        sections += section("Environment", command.environment)
        sections += section("Exit codes", description.exitCodes)
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// Rows under a heading; nothing without rows.
    private static func section(_ title: String, _ rows: [CommandDescription.Row]) -> [String] {
        if rows.isEmpty { return [] }
        return [(["\(title):"] + rows.map { row($0.word, $0.meaning, indent: indent) }).joined(separator: "\n")]
    }

    /// A word and what it means, broken into lines that fit.
    private static func row(_ word: String, _ meaning: String, indent: Int) -> String {
        let start = "  " + word
        if meaning.isEmpty { return start }
        let text = wrap(meaning, indent: indent)
        if start.count > indent - 2 { return start + "\n" + text }
        return start + text.dropFirst(start.count)
    }

    /// A text broken into lines that fit, each behind some blanks.
    private static func wrap(_ text: String, indent: Int) -> String {
        let blanks = String(repeating: " ", count: indent)
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let line = lines.last, line.count + 1 + word.count <= width {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(blanks + word)
            }
        }
        return lines.joined(separator: "\n")
    }
}
