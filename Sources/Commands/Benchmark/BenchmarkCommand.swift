import Diagnostics

/// `benchmark`: measures trainings, and hands their starts to other programs.
public enum BenchmarkCommand {
    private static let help = """
        Usage: benchmark scaling [options] QUESTION        compares numbers of workers
               benchmark start [options] QUESTION FILE     writes what a training starts from
               benchmark kernels [options]                 measures products and passes over memory
               benchmark worker [options]                  the same as worker

        'benchmark scaling --help' and 'benchmark start --help' say more.

        """

    /// Runs the program.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code.
    public static func main(arguments: [String], environment: [String: String]) -> Int32 {
        let questions = CoordinatorCommand.knownQuestions
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "worker":
            // The workers of a run are this very program in another role.
            return WorkerCommand.main(arguments: rest, environment: environment)
        case "scaling":
            return CommandEntry(program: "benchmark scaling", command: .scaling, questions: questions).main(
                rest, environment: environment, options: { try ScalingOptions($0, questions: questions) },
                run: measure)
        case "start":
            return CommandEntry(program: "benchmark start", command: .start, questions: questions).main(
                rest, environment: environment, options: { try StartOptions($0, questions: questions) },
                run: writeStart)
        case "kernels":
            return CommandEntry(program: "benchmark kernels", command: .kernels, questions: questions).main(
                rest, environment: environment, options: KernelOptions.init, run: measureKernels)
        case "--help", "-h": return answer(help)
        case "--version": return answer("lockstep \(Version.current)\n")
        case let other:
            let failure = Failure(
                .usage, other == nil ? "no command given" : "unknown command", at: other,
                remedy: "name scaling, start or kernels (try 'benchmark --help')")
            return CommandEntry.report(failure.description, by: "benchmark", status: failure.category.rawValue)
        }
    }

    private static func answer(_ text: String) -> Int32 {
        do {
            try StandardStream.output.write(text)
            return 0
        } catch {
            return CommandEntry.report("\(error)", by: "benchmark", status: Failure.Category.data.rawValue)
        }
    }
}
