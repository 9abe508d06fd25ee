import Foundation
import Testing

/// A folder of its own for files, caches and an empty data folder; gone with the object.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A data folder, empty at first, so that questions train on synthetic data.
    var data: String { path + "/data" }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    /// What keeps a program's files within the folder, and this machine's settings out.
    var environment: [String: String] {
        ["XDG_CACHE_HOME": path + "/cache", "LOCKSTEP_DATA": data, "LOCKSTEP_WORKERS": "2"]
    }
}

/// Runs of the coordinator on synthetic data.
struct Coordinator {
    let scratch: Scratch

    init(scratch: Scratch? = nil) throws {
        self.scratch = try scratch ?? Scratch()
    }

    /// Starts it, quiet but for errors unless told otherwise.
    func start(_ arguments: [String], isQuiet: Bool = true) throws -> RunningProgram {
        let data = arguments.contains("--data") ? [] : ["--data", scratch.data]
        return try Program.start(
            "coordinator", (isQuiet ? ["--quiet"] : []) + data + arguments, environment: scratch.environment)
    }

    func run(_ arguments: [String], isQuiet: Bool = true) throws -> Program.Result {
        try start(arguments, isQuiet: isQuiet).finish(within: .seconds(60))
    }

    /// Trains one question and reads its report.
    func train(_ arguments: [String]) throws -> [String: Any] {
        let result = try run(["--report", scratch.file("report.json")] + arguments)
        #expect(result.status == 0 || result.status == 1, "\(result.errors)")
        return try #require(try report("report.json").questions.first)
    }

    /// A report, whole and by question.
    func report(_ name: String) throws -> (whole: [String: Any], questions: [[String: Any]]) {
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file(name)))
        let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return (whole, try #require(whole["questions"] as? [[String: Any]]))
    }

    func digest(_ arguments: [String]) throws -> String {
        try #require(try train(arguments)["parametersSHA256"] as? String)
    }
}

/// A run long enough to be disturbed: a hundred thousand short steps.
let longRun = ["--set", "epochs=100000", "--set", "evaluationInterval=100000", "linear"]

extension RunningProgram {
    /// Waits until it has said something on standard error.
    func waitForErrors(containing text: String) throws {
        try #require(wait(within: .seconds(30)) { errorsSoFar.contains(text) }, "no '\(text)' in: \(errorsSoFar)")
    }
}

extension RunningProgram {
    /// Kills every worker as soon as it is there, so that nobody gets anywhere, until the coordinator ends.
    func killWorkers(until end: ContinuousClock.Instant) {
        while process.process.isRunning, ContinuousClock.now < end {
            for worker in ProcessTable.children(of: processIdentifier) { kill(worker, SIGKILL) }
            usleep(500)
        }
    }
}

/// Whether none of some processes is left, two seconds later at the latest.
func areGone(_ processes: [Int32]) -> Bool {
    let end = ContinuousClock.now + .seconds(2)
    while processes.contains(where: ProcessTable.isAlive) {
        if ContinuousClock.now > end { return false }
        usleep(10_000)
    }
    return true
}

/// Expects a program to have ended with one line that says why.
func expectFailure(_ result: Program.Result, _ status: Int32, saying texts: String...) {
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(!result.errors.contains("Fatal error") && !result.errors.contains("Swift/"), "\(result.errors)")
    for text in texts { #expect(result.errors.contains(text), "\(result.errors)") }
}
