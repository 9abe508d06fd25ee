// Which command stands behind which word.
extension Option.Command {
    /// The commands that are programs of their own.
    static let programs: [Option.Command] = [.train, .worker, .benchmark]

    /// The words that name other commands when they come first, in the order in which help lists them.
    ///
    /// The workers of a run are the running program in another role, and so are those of a benchmark.
    var subcommands: [(word: String, command: Option.Command)] {
        let own = Self.allCases.filter { $0.rawValue.hasPrefix(rawValue + " ") }.map {
            (word: String($0.rawValue.dropFirst(rawValue.count + 1)), command: $0)
        }
        switch self {
        case .train: return own + [("worker", .worker)]
        case .benchmark: return own + [("worker", .worker), ("coordinator", .train)]
        default: return own
        }
    }

    /// The command that a first word names; nil if it names none.
    func subcommand(_ word: String) -> Option.Command? { subcommands.first { $0.word == word }?.command }

    /// Runs the command, or the one that its first argument names.
    ///
    /// - Parameter arguments: without the words that named this command.
    /// - Returns: the exit code.
    func main(arguments: [String], environment: [String: String]) -> Int32 {
        if let named = arguments.first.flatMap(subcommand) {
            return named.main(arguments: Array(arguments.dropFirst()), environment: environment)
        }
        let questions = CoordinatorCommand.knownQuestions
        let entry = CommandEntry(command: self, questions: questions)
        func run<Options>(
            _ options: (ParsedOptions) throws -> Options, _ run: (Options) throws -> Int32
        ) -> Int32 {
            entry.main(arguments, environment: environment, options: options, run: run)
        }
        switch self {
        case .train:
            return run(
                { try CoordinatorOptions($0, questions: questions) },
                { try CoordinatorCommand.run($0, environment: environment) })
        case .verify: return run({ try VerifyOptions($0, questions: questions) }, VerifyCommand.run)
        case .generate: return run({ try GenerateOptions($0, questions: questions) }, GenerateCommand.run)
        case .export: return run({ try ExportOptions($0, questions: questions) }, ExportCommand.run)
        case .checkDependencies: return run(CheckDependenciesOptions.init, CheckDependenciesCommand.run)
        case .completion: return run(CompletionOptions.init) { try CompletionCommand.run($0, questions: questions) }
        case .man: return run(ManOptions.init) { try ManCommand.run($0, questions: questions) }
        case .worker: return run(WorkerOptions.init, WorkerCommand.run)
        case .benchmark: return run({ throw BenchmarkCommand.withoutCommand($0) }, { $0 })
        case .scaling: return run({ try ScalingOptions($0, questions: questions) }, BenchmarkCommand.measure)
        case .step: return run({ try ScalingOptions($0, questions: questions) }, BenchmarkCommand.measureStep)
        case .observers:
            return run({ try ScalingOptions($0, questions: questions) }, BenchmarkCommand.measureObservers)
        case .peers: return run(PeersOptions.init, BenchmarkCommand.comparePeers)
        case .start: return run({ try StartOptions($0, questions: questions) }, BenchmarkCommand.writeStart)
        case .simulate: return run(SimulateOptions.init, BenchmarkCommand.simulate)
        case .kernels: return run(KernelOptions.init, BenchmarkCommand.measureKernels)
        }
    }
}
