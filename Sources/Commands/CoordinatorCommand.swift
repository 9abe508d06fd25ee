/// `coordinator`: trains questions; with `verify`, `generate` and so on as first word, the other commands.
public enum CoordinatorCommand {
    /// Runs the program.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code.
    public static func main(arguments: [String], environment: [String: String]) -> Int32 {
        Option.Command.train.main(arguments: arguments, environment: environment)
    }
}
