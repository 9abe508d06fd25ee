/// The completion script for fish.
enum FishCompletion {
    /// Writes the script.
    static func script(_ commands: [CompletedCommand]) -> String {
        let programs = Option.Command.programs.map(\.rawValue)
        return """
            # Completes \(programs.joined(separator: ", ")) in fish; written by 'coordinator completion fish'.

            # Succeeds if the command line before the cursor is of a command, and, where asked for, at an operand.
            function __lockstep_is # command, place of the operand or 'first' or 'any'
                set -l words (commandline -opc)
                set -l command (string replace -r '.*/' '' -- $words[1])
                set -e words[1]
                while set -q words[1]
                    switch "$command $words[1]"
            \(commands.flatMap(subcommands).joined(separator: "\n"))
                        case '*'
                            break
                    end
                    set -e words[1]
                end
                test "$command" = "$argv[1]"; or return 1
                set -q argv[2]; or return 0
                if test "$argv[2]" = first
                    not set -q words[1]
                    return
                end
                set -l valued
                switch "$command"
            \(commands.filter { !$0.valued.isEmpty }.map(valued).joined(separator: "\n"))
                end
                set -l place 0
                set -l isValue
                for word in $words
                    if test -n "$isValue"
                        set isValue
                    else if contains -- $word $valued
                        set isValue 1
                    else if not string match -q -- '-?*' $word
                        set place (math $place + 1)
                    end
                end
                test "$argv[2]" = any -o "$argv[2]" = $place
            end

            # The folders that a word, or what follows its = sign, may go on to.
            function __lockstep_folders
                __fish_complete_directories (string replace -r '^--[^=]*=' '' -- (commandline -ct))
            end

            \(programs.map { "complete -c \($0) -e\ncomplete -c \($0) -f" }.joined(separator: "\n"))
            \(commands.flatMap(lines).joined(separator: "\n"))

            """
    }

    private static func subcommands(_ command: CompletedCommand) -> [String] {
        command.subcommands.flatMap {
            [
                "            case '\(command.name) \($0.word)'",
                "                set command '\($0.command.rawValue)'",
            ]
        }
    }

    private static func valued(_ command: CompletedCommand) -> String {
        let names = command.valued.map(\.option.dashed).joined(separator: " ")
        return "        case '\(command.name)'\n            set valued \(names)"
    }

    /// What completes a command, under whichever program it is.
    private static func lines(_ command: CompletedCommand) -> [String] {
        func condition(_ rest: String = "") -> String { "-n \(quoted("__lockstep_is \(quoted(command.name))\(rest)"))" }
        let start =
            "complete "
            + Option.Command.programs.filter { leads($0, to: command.command) }
            .map { "-c \($0.rawValue) " }.joined()
        var lines = command.subcommands.map {
            "\(start)\(condition(" first")) -a \($0.word) -d \(quoted($0.summary))"
        }
        lines += command.options.map { option in
            let value: String
            if case .flag = option.kind {
                value = ""
            } else {
                value = " " + arguments(CompletedCommand.Completion(option.kind))
            }
            return "\(start)\(condition()) -l \(option.name)\(value) -d \(quoted(option.summary))"
        }
        lines += zip(command.operands, command.places).map { operand, place in
            let rest = " " + (place.place.map(String.init) ?? "any")
            return "\(start)\(condition(rest)) \(operandArguments(place.completion)) -d \(quoted(operand.placeholder))"
        }
        return lines
    }

    /// Whether a program leads to a command, by itself or by words that follow it.
    private static func leads(_ program: Option.Command, to command: Option.Command) -> Bool {
        program == command || program.subcommands.contains { leads($0.command, to: command) }
    }

    private static func arguments(_ completion: CompletedCommand.Completion) -> String {
        switch completion {
        case .words(let words): "-x -a '\(words.joined(separator: " "))'"
        case .files: "-r -F"
        case .folders: "-x -a '(__lockstep_folders)'"
        case .nothing: "-x"
        }
    }

    private static func operandArguments(_ completion: CompletedCommand.Completion) -> String {
        switch completion {
        case .words(let words): "-a '\(words.joined(separator: " "))'"
        case .files: "-F"
        case .folders: "-a '(__lockstep_folders)'"
        case .nothing: ""
        }
    }

    /// A text as one word of the shell.
    private static func quoted(_ text: String) -> String {
        "'" + text.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
