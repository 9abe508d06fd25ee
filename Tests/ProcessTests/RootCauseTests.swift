import Foundation
import Testing

/// One line says why a run failed, with the worker that was the cause.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RootCauseTests {
    /// A run of one worker, of a copy of the program that can be made one that cannot be started.
    private func start(_ scratch: Scratch, _ environment: [String: String] = [:]) throws -> RunningProgram {
        let copy = URL(fileURLWithPath: scratch.file("coordinator"))
        try FileManager.default.copyItem(at: Program.folder.appendingPathComponent("coordinator"), to: copy)
        let program = try RunningProgram(
            executable: copy, ["--data", scratch.data, "--workers", "1"] + longRun,
            environment: scratch.environment.merging(environment) { $1 }, in: nil)
        try program.waitForErrors(containing: "worker 1 joined")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: copy.path)
        return program
    }

    @Test(arguments: [(SIGKILL, "signal 9 (Killed)"), (SIGUSR1, "signal 10 (User defined signal 1)")])
    func `The worker, its host and its signal are named`(_ signal: Int32, _ words: String) throws {
        let scratch = try Scratch()
        let program = try start(scratch)
        let worker = try #require(ProcessTable.children(of: program.processIdentifier).first)
        kill(worker, signal)
        let result = try program.finish(within: .seconds(30))
        #expect(result.status == 4)
        let line = try #require(result.errorLines.last)
        let host = ProcessInfo.processInfo.hostName.split(separator: ".").first ?? ""
        #expect(line.hasPrefix("coordinator: no worker is left: worker 1 (\(host)"), "\(line)")
        #expect(line.contains(", process \(worker)): \(words)"), "\(line)")
        #expect(line.contains("none could be started in its place"), "\(line)")
        #expect(line.lowercased().contains("permission denied"), "\(line)")
        #expect(result.errorLines.count { $0.hasPrefix("coordinator: ") } == 1)
        #expect(areGone([worker]))
    }

    /// The loader complains on standard error of every process, so that the worker has said something.
    @Test func `The last line that the worker wrote is there`() throws {
        let scratch = try Scratch()
        let program = try start(scratch, ["LD_PRELOAD": "/nonexistent/library.so"])
        let worker = try #require(ProcessTable.children(of: program.processIdentifier).first)
        kill(worker, SIGKILL)
        let line = try #require(try program.finish(within: .seconds(30)).errorLines.last)
        #expect(line.contains("process \(worker)): signal 9 (Killed): ERROR: ld.so: object '/nonexistent/library.so'"))
    }
}
