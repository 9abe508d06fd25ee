import Diagnostics

/// `benchmark`: measures and simulates trainings, and hands their starts to other programs.
public enum BenchmarkCommand {
    /// Runs the program.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code.
    public static func main(arguments: [String], environment: [String: String]) -> Int32 {
        Option.Command.benchmark.main(arguments: arguments, environment: environment)
    }

    /// Says which commands there are, where none of them was named.
    static func withoutCommand(_ parsed: ParsedOptions) -> Failure {
        let words = Option.Command.benchmark.subcommands.map(\.word)
        return Failure(
            .usage, parsed.operands.isEmpty ? "no command given" : "unknown command", at: parsed.operands.first,
            remedy: "name one of \(words.joined(separator: ", "))")
    }
}
