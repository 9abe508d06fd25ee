/// `worker`: computes shards for a coordinator.
public enum WorkerCommand {
    /// Runs the program.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code.
    public static func main(arguments: [String], environment: [String: String]) -> Int32 {
        Option.Command.worker.main(arguments: arguments, environment: environment)
    }
}
