import Foundation
import Synchronization

/// One of the package's executables, run as a user would, with a deadline.
struct Program {
    /// What a run came to.
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// The lines on standard error, without the empty ones.
        var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    /// The folder the test runner, and so the executables beside it, were built in.
    static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// The root of the package.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The real data sets, where they are.
    static var data: String? { ProcessInfo.processInfo.environment["LOCKSTEP_DATA"] }

    /// Starts an executable.
    static func start(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil
    ) throws -> RunningProgram {
        try RunningProgram(
            executable: Program.folder.appendingPathComponent(name), arguments, environment: environment, in: folder)
    }

    /// Runs an executable to its end, or kills it after the deadline.
    static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil,
        deadline: Duration = .seconds(120)
    ) throws -> Result {
        try start(name, arguments, environment: environment, in: folder).finish(within: deadline)
    }
}

/// A started executable whose output is collected.
final class RunningProgram: Sendable {
    let process: ProcessBox
    private let output: Mutex<Data> = Mutex(Data())
    private let errors: Mutex<Data> = Mutex(Data())
    private let readers = DispatchGroup()

    /// A process that is only started, signalled and waited for.
    struct ProcessBox: @unchecked Sendable {
        let process: Process
    }

    init(executable: URL, _ arguments: [String], environment: [String: String], in folder: URL?) throws {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder ?? Program.package
        var variables = ProcessInfo.processInfo.environment
        variables["NO_COLOR"] = "1"
        variables.merge(environment) { $1 }
        process.environment = variables
        let outputPipe = Pipe()
        let errorPipe = Pipe()
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        process.standardInput = FileHandle.nullDevice
        self.process = ProcessBox(process: process)
        try process.run()
        read(outputPipe) { [self] data in output.withLock { $0.append(data) } }
        read(errorPipe) { [self] data in errors.withLock { $0.append(data) } }
    }

    private func read(_ pipe: Pipe, into sink: @escaping @Sendable (Data) -> Void) {
        let descriptor = pipe.fileHandleForReading
        DispatchQueue.global().async(group: readers) {
            while true {
                let data = descriptor.availableData
                if data.isEmpty { return }
                sink(data)
            }
        }
    }

    var processIdentifier: Int32 { process.process.processIdentifier }

    /// What it has written to standard output so far.
    var outputSoFar: String { output.withLock { String(decoding: $0, as: UTF8.self) } }

    /// What it has written to standard error so far.
    var errorsSoFar: String { errors.withLock { String(decoding: $0, as: UTF8.self) } }

    func signal(_ number: Int32) { kill(processIdentifier, number) }

    /// Waits until a condition holds; false at the deadline.
    func wait(within duration: Duration, until condition: () -> Bool) -> Bool {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            if condition() { return true }
            usleep(20_000)
        }
        return condition()
    }

    /// Waits for the end, or kills it after the deadline.
    func finish(within deadline: Duration) throws -> Program.Result {
        if !wait(within: deadline, until: { !process.process.isRunning }) {
            signal(SIGKILL)
            process.process.waitUntilExit()
            throw DeadlinePassed(errors: errorsSoFar)
        }
        process.process.waitUntilExit()
        _ = readers.wait(timeout: .now() + 5)
        let status =
            process.process.terminationReason == .exit
            ? process.process.terminationStatus : -process.process.terminationStatus
        return Program.Result(status: status, output: outputSoFar, errors: errorsSoFar)
    }

    /// The program did not end in time.
    struct DeadlinePassed: Error {
        let errors: String
    }
}

/// Processes by their command lines, from /proc.
enum ProcessTable {
    /// The processes whose command line contains a text, without this one.
    static func processes(containing text: String) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { pid in
            guard pid != getpid(), let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
                return false
            }
            return String(decoding: line.map { $0 == 0 ? 32 : $0 }, as: UTF8.self).contains(text)
        }
    }

    /// The children of a process.
    static func children(of parent: Int32) -> [Int32] {
        let text =
            FileManager.default.contents(atPath: "/proc/\(parent)/task/\(parent)/children")
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    /// The processor time a process has used, in ticks of a hundredth of a second.
    static func ticks(of pid: Int32) -> Int {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return 0 }
        // Behind the name in parentheses, which may hold anything, user and system time are fields 12 and 13.
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
    }

    /// Whether a process exists and is no zombie.
    static func isAlive(_ pid: Int32) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
            let mark = data.lastIndex(of: UInt8(ascii: ")")), mark + 2 < data.endIndex
        else { return false }
        return data[mark + 2] != UInt8(ascii: "Z")
    }
}
