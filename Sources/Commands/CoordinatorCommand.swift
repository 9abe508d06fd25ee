/// `coordinator`: trains questions; with `verify`, `generate`, `export` and `worker` as first word, the other commands.
public enum CoordinatorCommand {
    /// Runs the program.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code.
    public static func main(arguments: [String], environment: [String: String]) -> Int32 {
        switch arguments.first {
        case "verify":
            return VerifyCommand.main(arguments: Array(arguments.dropFirst()), environment: environment)
        case "generate":
            return GenerateCommand.main(arguments: Array(arguments.dropFirst()), environment: environment)
        case "export":
            return ExportCommand.main(arguments: Array(arguments.dropFirst()), environment: environment)
        case "worker":
            return WorkerCommand.main(arguments: Array(arguments.dropFirst()), environment: environment)
        default:
            let questions = knownQuestions
            let entry = CommandEntry(program: "coordinator", command: .train, questions: questions)
            return entry.main(
                arguments, environment: environment,
                options: { try CoordinatorOptions($0, questions: questions) },
                run: { try run($0, environment: environment) })
        }
    }
}
