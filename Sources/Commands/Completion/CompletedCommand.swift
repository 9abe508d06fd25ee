/// What may stand on the command line of a command, as all completion scripts need it.
struct CompletedCommand {
    /// What completes an operand or the value of an option.
    enum Completion: Equatable {
        /// Some words; they need no quoting in any shell.
        case words([String])
        /// Names of files.
        case files
        /// Names of folders.
        case folders
        /// Nothing: it is for the user to know.
        case nothing

        init(_ kind: Option.Kind) {
            switch kind {
            case .choice(let words): self = .words(words)
            case .file: self = .files
            case .folder: self = .folders
            case .flag, .integer, .powerOfTwo, .integers, .span, .number, .text, .word: self = .nothing
            }
        }
    }

    let command: Option.Command
    /// The other commands that its first word may name, with a line about each.
    let subcommands: [(word: String, command: Option.Command, summary: String)]
    /// The options that people give, in the order of the table.
    let options: [Option]
    /// The operands, in order.
    let operands: [CommandDescription.Operand]

    /// Its name: what is typed, without aliases.
    var name: String { command.rawValue }

    /// All commands.
    static func all(_ questions: [QuestionSummary]) -> [CompletedCommand] {
        Option.Command.allCases.map { command in
            CompletedCommand(
                command: command,
                subcommands: command.subcommands.map { word, named in
                    (word, named, named.description(questions).summary)
                }, options: OptionTable.options(of: command).filter { $0.group != nil },
                operands: command.description(questions).operands)
        }
    }

    /// The options that take a value, each name once for every way to complete one.
    var valued: [(option: Option, completion: Completion)] {
        options.compactMap { option in
            if case .flag = option.kind { return nil }
            return (option, Completion(option.kind))
        }
    }

    /// What completes the operand at a place, counted from 0, for each that has one of its own; nil is any later one.
    var places: [(place: Int?, completion: Completion)] {
        operands.enumerated().map { index, operand in
            (operand.repetition == .collected ? nil : index, Completion(operand.kind))
        }
    }
}
