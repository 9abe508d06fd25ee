/// The manual page of a command in groff's `man` macros, written from the option table and its description.
struct ManualPage {
    /// The command.
    let command: Option.Command
    private let description: CommandDescription
    private let questions: [QuestionSummary]

    /// A page that is not written yet.
    init(_ command: Option.Command, questions: [QuestionSummary]) {
        self.command = command
        self.questions = questions
        description = command.description(questions)
    }

    /// What the page is found by: `coordinator-verify`.
    var name: String { Self.name(command) }

    private static func name(_ command: Option.Command) -> String {
        String(command.rawValue.map { $0 == " " ? "-" : $0 })
    }

    /// The page's source.
    var source: String {
        let head = ".TH \"\(Roff.text(name.uppercased()))\" 1 \"\" \"Lockstep \(Roff.text(Version.current))\" Lockstep"
        var lines = [
            head, Self.prologue, ".SH NAME", "\(Roff.text(name)) \\- \(Roff.text(description.summary))", ".SH SYNOPSIS",
            ".nf",
        ]
        lines += description.usage.map(Roff.bold) + [".fi", ".SH DESCRIPTION"]
        lines.append(description.text.map(Roff.text).joined(separator: "\n.PP\n"))
        lines += section(
            "COMMANDS",
            command.subcommands.map { word, named in
                CommandDescription.Row(word, "\(named.description(questions).summary); see \(Self.name(named))(1)")
            })
        for list in description.lists { lines += section(list.title.uppercased(), list.rows) }
        lines += options
        lines += section("ENVIRONMENT", command.environment)
        lines += section("FILES", files)
        lines += section("EXIT STATUS", description.exitCodes)
        lines.append(".SH EXAMPLES")
        for example in description.examples {
            if example.comment.isEmpty {
                lines += [".PP", Roff.bold(example.line)]
            } else {
                lines += [".TP", Roff.bold(example.line), Roff.text(example.comment)]
            }
        }
        lines += [".SH SEE ALSO", related.map { "\(Roff.bold(Self.name($0)))(1)" }.joined(separator: ",\n")]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Names are not hyphenated, and terminals without Unicode show what is alike.
    private static let prologue = """
        .nh
        .ad l
        .fchar \\[u2026] ...
        .fchar \\[pc] *
        """

    private var options: [String] {
        let all = OptionTable.options(of: command)
        var lines = [".SH OPTIONS"]
        for group in Option.Group.allCases {
            let members = all.filter { $0.group == group }
            if members.isEmpty { continue }
            lines.append(".SS \(Roff.text(group.rawValue))")
            for option in members {
                let value = option.placeholder.isEmpty ? "" : " " + Roff.italic(option.placeholder)
                lines += [".TP", Roff.bold(option.dashed) + value, Roff.text(option.help)]
            }
        }
        return lines
    }

    /// What the command reads or keeps where nothing else is said, as its options tell.
    private var files: [CommandDescription.Row] {
        let names = Set(OptionTable.options(of: command).map(\.name))
        var rows: [CommandDescription.Row] = []
        if names.contains("set") {
            rows.append(CommandDescription.Row("config/QUESTION.json5", "The configuration of a question."))
        }
        if names.contains("data") {
            rows.append(
                CommandDescription.Row("data/", "Data files, in the working folder or in that of the package."))
        }
        if names.contains("data") || names.contains("cache") {
            rows.append(
                CommandDescription.Row(
                    "~/.cache/lockstep/datasets",
                    "Decoded and received data sets; below $XDG_CACHE_HOME if that is set."
                ))
        }
        return rows
    }

    /// The programs, and the other commands of this one's.
    private var related: [Option.Command] {
        let program = command.rawValue.prefix { $0 != " " }
        return Option.Command.allCases.filter { other in
            other != command
                && (Option.Command.programs.contains(other) || other.rawValue.hasPrefix(program + " "))
        }
    }

    private func section(_ title: String, _ rows: [CommandDescription.Row]) -> [String] {
        if rows.isEmpty { return [] }
        return [".SH \"\(Roff.text(title))\""]
            + rows.flatMap { [".TP", Roff.bold($0.word), Roff.text($0.meaning)] }
    }
}
