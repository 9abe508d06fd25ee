/// `coordinator generate`: writes text with a trained model.
public enum GenerateCommand {
    /// Runs the program.
    ///
    /// - Parameter arguments: without the names of program and command.
    /// - Returns: the exit code.
    public static func main(arguments: [String], environment: [String: String]) -> Int32 {
        let questions = CoordinatorCommand.knownQuestions
        let entry = CommandEntry(program: "coordinator generate", command: .generate, questions: questions)
        return entry.main(
            arguments, environment: environment,
            options: { try GenerateOptions($0, questions: questions) }, run: run)
    }
}
