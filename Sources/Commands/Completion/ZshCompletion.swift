/// The completion script for zsh, to be sourced or kept as `_coordinator` in a folder of `$fpath`.
enum ZshCompletion {
    /// Writes the script.
    static func script(_ commands: [CompletedCommand]) -> String {
        let programs = Option.Command.programs.map(\.rawValue)
        return """
            #compdef \(programs.joined(separator: " "))
            # Completes \(programs.joined(separator: ", ")) in zsh; written by 'coordinator completion zsh'.

            \(commands.filter { !$0.subcommands.isEmpty }.map(firstWords).joined(separator: "\n\n"))

            _coordinator() {
                local curcontext=$curcontext command=${words[1]:t} entered
                while (( CURRENT > 2 )); do
                    case "$command ${words[2]}" in
            \(commands.flatMap(subcommands).joined(separator: "\n"))
                    *) break ;;
                    esac
                    command=$entered
                    shift words
                    (( CURRENT-- ))
                done
                case $command in
            \(commands.map(entry).joined(separator: "\n"))
                esac
            }

            if [[ $funcstack[1] == _coordinator ]]; then
                _coordinator "$@"
            else
                compdef _coordinator \(programs.joined(separator: " "))
            fi

            """
    }

    private static func subcommands(_ command: CompletedCommand) -> [String] {
        command.subcommands.map { "        '\(command.name) \($0.word)') entered='\($0.command.rawValue)' ;;" }
    }

    /// The function that offers what may be the first word of a command, and its operands otherwise.
    private static func firstWords(_ command: CompletedCommand) -> String {
        var lines = ["\(firstWordsName(command))() {", "    local -a commands=("]
        lines += command.subcommands.map { "        \(quoted(escaped("\($0.word)") + ":" + $0.summary))" }
        lines += ["    )", "    (( CURRENT == 2 )) && _describe -t commands command commands"]
        if let operand = command.operands.first, case .words(let words) = CompletedCommand.Completion(operand.kind) {
            lines += ["    local -a operands=(\(words.joined(separator: " ")))"]
            lines += ["    _describe -t operands \(operand.placeholder) operands"]
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private static func firstWordsName(_ command: CompletedCommand) -> String { "_lockstep_first_of_\(command.name)" }

    private static func entry(_ command: CompletedCommand) -> String {
        var specifications = command.options.map(specification)
        if command.subcommands.isEmpty {
            specifications += command.operands.enumerated().map { index, operand in
                let place = operand.repetition == .collected ? "*" : "\(index + 1)"
                return "\(place):\(escaped(operand.placeholder)):\(action(CompletedCommand.Completion(operand.kind)))"
            }
        } else {
            specifications.append("*: :\(firstWordsName(command))")
        }
        let lines = specifications.map { "            \(quoted($0))" }
        return (["    '\(command.name)')", "        _arguments -S \\"]).joined(separator: "\n") + "\n"
            + lines.joined(separator: " \\\n") + "\n        ;;"
    }

    /// An option as `_arguments` reads it.
    private static func specification(_ option: Option) -> String {
        let repetition = option.repetition == .collected ? "*" : ""
        let description = "[\(escaped(option.summary))]"
        if case .flag = option.kind { return repetition + option.dashed + description }
        let action = action(CompletedCommand.Completion(option.kind))
        return "\(repetition)\(option.dashed)=\(description):\(escaped(option.placeholder)):\(action)"
    }

    private static func action(_ completion: CompletedCommand.Completion) -> String {
        switch completion {
        case .words(let words): "(\(words.joined(separator: " ")))"
        case .files: "_files"
        case .folders: "_files -/"
        case .nothing: " "
        }
    }

    /// A text without what `_arguments` and `_describe` read as theirs.
    private static func escaped(_ text: String) -> String {
        text.map { "\\:[]".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    /// A text as one word of the shell.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
