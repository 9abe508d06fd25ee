/// `coordinator completion`: prints a script by which a shell completes command lines.
enum CompletionCommand {
    /// Prints the script.
    static func run(_ options: CompletionOptions, questions: [QuestionSummary]) throws -> Int32 {
        CommandEntry.answer(script(for: options.shell, questions: questions), by: Option.Command.completion.rawValue)
    }

    /// The script for a shell.
    static func script(for shell: Shell, questions: [QuestionSummary]) -> String {
        let commands = CompletedCommand.all(questions)
        return switch shell {
        case .bash: BashCompletion.script(commands)
        case .zsh: ZshCompletion.script(commands)
        case .fish: FishCompletion.script(commands)
        }
    }
}
