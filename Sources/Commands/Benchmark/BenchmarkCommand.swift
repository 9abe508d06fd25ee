import Diagnostics

/// `benchmark`: measures and simulates trainings, and hands their starts to other programs.
public enum BenchmarkCommand {
    private static let help = """
        Usage: benchmark scaling [options] QUESTION        compares numbers of workers
               benchmark step [options] QUESTION           takes the time of a step apart
               benchmark peers [options] [RECIPE…]         compares with PyTorch and JAX
               benchmark start [options] QUESTION FILE     writes what a training starts from
               benchmark simulate [options]                trains under simulated faults
               benchmark kernels [options]                 measures products and passes over memory
               benchmark worker|coordinator …              the same as worker and coordinator

        'benchmark scaling --help' and so on say more.

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
        case "coordinator": return CoordinatorCommand.main(arguments: rest, environment: environment)
        case "scaling":
            return CommandEntry(program: "benchmark scaling", command: .scaling, questions: questions).main(
                rest, environment: environment, options: { try ScalingOptions($0, questions: questions) },
                run: measure)
        case "step":
            return CommandEntry(program: "benchmark step", command: .step, questions: questions).main(
                rest, environment: environment, options: { try ScalingOptions($0, questions: questions) },
                run: measureStep)
        case "peers":
            return CommandEntry(program: "benchmark peers", command: .peers, questions: questions).main(
                rest, environment: environment, options: { try PeersOptions($0) }, run: comparePeers)
        case "start":
            return CommandEntry(program: "benchmark start", command: .start, questions: questions).main(
                rest, environment: environment, options: { try StartOptions($0, questions: questions) },
                run: writeStart)
        case "simulate":
            return CommandEntry(program: "benchmark simulate", command: .simulate, questions: questions).main(
                rest, environment: environment, options: { try SimulateOptions($0) }, run: simulate)
        case "kernels":
            return CommandEntry(program: "benchmark kernels", command: .kernels, questions: questions).main(
                rest, environment: environment, options: KernelOptions.init, run: measureKernels)
        case "--help", "-h": return answer(help)
        case "--version": return answer("lockstep \(Version.current)\n")
        case let other:
            let failure = Failure(
                .usage, other == nil ? "no command given" : "unknown command", at: other,
                remedy: "name scaling, step, peers, kernels, start or simulate (try 'benchmark --help')")
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
