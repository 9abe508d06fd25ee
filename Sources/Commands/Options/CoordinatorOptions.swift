import Diagnostics
import Observing
import Questions

/// The options of `coordinator`, as plain values.
public struct CoordinatorOptions: Sendable, Equatable {
    /// Who starts the workers.
    public enum Launcher: String, Sendable {
        /// The coordinator, on this machine.
        case local
        /// Somebody else; the coordinator waits for them.
        case none
    }

    /// The questions to train, each once, in order.
    public var questions: [String]
    /// The number of workers; nil if it was not said, see `workerCount(shards:cores:)`.
    public var workers: Int?
    /// The threads of a worker.
    public var threads: Int
    /// The number of ready workers without which nothing is trained.
    public var minimumWorkers: Int
    /// How long a worker may be silent, in seconds.
    public var lease: Double
    /// The faults to suffer on purpose; nil for none.
    public var chaos: ChaosPlan?
    /// Who starts the workers.
    public var launcher: Launcher
    /// Where workers of other hosts connect; nil for nowhere.
    public var listen: String?
    /// The file for the keys that workers of other hosts need.
    public var tokenFile: String?
    /// Whether connections between hosts go without encryption and authentication.
    public var isInsecure: Bool
    /// Key of everything random.
    public var seed: UInt64
    /// The number of shards of a batch; nil to leave it to the configuration.
    public var shards: Int?
    /// The configuration file; nil for the question's own.
    public var configurationFile: String?
    /// The assignments of `--set`, in order.
    public var settings: [String]
    /// The folder of the data files that `--data` names; nil without it, and then `LOCKSTEP_DATA` counts.
    public var dataFolder: String?
    /// The file for the report; nil for none.
    public var reportFile: String?
    /// The file for a line of JSON for each event; nil for none.
    public var logFile: String?
    /// The folder for the event files of TensorBoard; nil for none.
    public var tensorBoardFolder: String?
    /// The file for the trace; nil for none.
    public var traceFile: String?
    /// The file for the trained parameters; nil for none.
    public var parametersFile: String?
    /// The file of the initial parameters; nil for random ones.
    public var initialParametersFile: String?
    /// The folder for checkpoints; nil for none.
    public var checkpointFolder: String?
    /// The seconds between two checkpoints.
    public var checkpointInterval: Double
    /// Whether to go on from the newest checkpoint.
    public var isResumed: Bool
    /// Where pictures are shown; nil for the default.
    public var dashboard: DashboardAddress?
    /// The file for the page of the finished run; nil for none.
    public var htmlFile: String?
    /// Whether pictures may be shown.
    public var showsGraphics: Bool
    /// Whether progress is left out.
    public var isQuiet: Bool

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(
        _ arguments: [String], environment: [String: String], questions: [QuestionSummary]
    ) throws -> CoordinatorOptions {
        try CoordinatorOptions(
            ParsedOptions(arguments, for: .train, environment: environment), questions: questions)
    }

    init(_ parsed: ParsedOptions, questions known: [QuestionSummary]) throws {
        questions = try QuestionSummary.names(of: parsed.operands, among: known)
        workers = parsed.integer("workers")
        threads = parsed.integer("threads") ?? 1
        minimumWorkers = parsed.integer("min-workers") ?? 1
        chaos = try parsed.text("chaos").map { try ChaosPlan($0) }
        lease = parsed.number("lease") ?? (chaos == nil ? 10 : ChaosPlan.lease)
        launcher = parsed.text("launcher").flatMap(Launcher.init) ?? .local
        listen = parsed.text("listen")
        tokenFile = parsed.text("token-file")
        isInsecure = parsed.flag("insecure")
        seed = UInt64(parsed.integer("seed") ?? 0)
        shards = parsed.integer("shards")
        configurationFile = parsed.text("config")
        settings = parsed.texts("set")
        dataFolder = parsed.explicitText("data")
        reportFile = parsed.text("report")
        logFile = parsed.text("log-json")
        tensorBoardFolder = parsed.text("tensorboard")
        traceFile = parsed.text("trace")
        parametersFile = parsed.text("parameters")
        initialParametersFile = parsed.text("init")
        checkpointFolder = parsed.text("checkpoint")
        checkpointInterval = parsed.number("checkpoint-interval") ?? 30
        isResumed = parsed.flag("resume")
        if checkpointFolder == nil {
            for option in ["resume", "checkpoint-interval"] where parsed.flag(option) {
                throw Failure(.usage, "options do not fit", at: "--\(option)", because: "it needs --checkpoint DIR")
            }
        }
        dashboard = try parsed.text("dashboard").map { try DashboardAddress($0) }
        htmlFile = parsed.text("html")
        showsGraphics = !parsed.flag("no-graphics")
        isQuiet = parsed.flag("quiet")
        try check()
    }

    /// Refuses options that contradict one another.
    private func check() throws {
        func refuse(_ option: String, _ cause: String) throws {
            throw Failure(.usage, "options do not fit", at: option, because: cause)
        }
        if launcher == .none, listen == nil {
            try refuse("--launcher none", "without --listen ENDPOINT no worker can connect")
        }
        if launcher == .none, let chaos, !chaos.frequencies.isEmpty {
            try refuse("--chaos", "with --launcher none there are no workers of this machine to strike")
        }
        if listen == nil, tokenFile != nil { try refuse("--token-file", "it needs --listen ENDPOINT") }
        if listen == nil, isInsecure { try refuse("--insecure", "it needs --listen ENDPOINT") }
        if isInsecure, tokenFile != nil { try refuse("--token-file", "with --insecure there are no keys") }
        if launcher == .local, listen == nil, let workers, minimumWorkers > workers {
            try refuse("--min-workers", "there will be \(workers) at most")
        }
        if !showsGraphics, dashboard != nil { try refuse("--dashboard", "with --no-graphics there are no pictures") }
        if !showsGraphics, htmlFile != nil { try refuse("--html", "with --no-graphics there are no pictures") }
        if questions.count > 1 {
            if configurationFile != nil { try refuse("--config", "it is for one question, and there are several") }
            if parametersFile != nil { try refuse("--parameters", "it is for one question, and there are several") }
            if initialParametersFile != nil { try refuse("--init", "it is for one question, and there are several") }
        }
    }

    /// The number of workers to start: what was said, else as many as cores and at most as many as shards.
    ///
    /// Where no others can join, at least as many as there must be.
    public func workerCount(shards: Int, cores: Int) -> Int {
        workers ?? max(listen == nil ? minimumWorkers : 1, min(shards, cores / threads, OptionTable.maximumWorkers))
    }
}
