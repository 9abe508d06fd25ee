import Foundation
import Testing

/// A coordinator that is killed, or whose disk fails, at each point of writing a checkpoint.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Strace.works, Strace.remedy))
struct CheckpointPointTests {
    private static let recipe = ["--set", "epochs=40", "linear"]

    private static let undisturbed = Swift.Result { try Coordinator().digest(["--workers", "1"] + recipe) }

    /// The folder and the files of the fifth checkpoint, and of the one that is removed for it.
    private static func places(_ coordinator: Coordinator) -> [String] {
        let state = coordinator.scratch.file("state")
        return [
            state, "\(state)/linear-00000005.safetensors.partial", "\(state)/linear-00000005.safetensors",
            "\(state)/linear-00000002.safetensors",
        ]
    }

    private static func arguments(_ coordinator: Coordinator, _ workers: Int) -> [String] {
        [
            "--workers", "\(workers)", "--data", coordinator.scratch.data, "--checkpoint",
            coordinator.scratch.file("state"), "--checkpoint-interval", "0", "--report",
            coordinator.scratch.file("report.json"),
        ] + recipe
    }

    private func run(_ coordinator: Coordinator, _ call: String, _ effect: String) throws -> Program.Result {
        let program = Program.folder.appendingPathComponent("coordinator").path
        return try RunningProgram(
            executable: URL(fileURLWithPath: Strace.path),
            Strace.arguments(call, effect, on: Self.places(coordinator)) + [program]
                + Self.arguments(coordinator, 1), environment: coordinator.scratch.environment, in: nil
        ).finish(within: .seconds(60))
    }

    private func resume(_ coordinator: Coordinator) throws -> String {
        let result = try coordinator.run(["--resume"] + Self.arguments(coordinator, 2))
        #expect(result.status <= 1, "\(result.errors)")
        return try #require(try coordinator.report("report.json").questions.first?["parametersSHA256"] as? String)
    }

    /// Of each system call, the first five times that it concerns one of the places.
    @Test(arguments: ["openat", "write", "fsync", "rename", "unlink"], 1...5)
    func `Killed at any point, it goes on to the same result`(_ call: String, _ time: Int) throws {
        let coordinator = try Coordinator()
        let killed = try run(coordinator, call, "signal=SIGKILL:when=\(time)")
        // The calls there are fewer of do not come so often, and then the run ends by itself.
        let isKilled = [-SIGKILL, 128 + SIGKILL].contains(killed.status)
        #expect(isKilled || killed.status <= 1, "\(killed.errors)")
        if time == 1 { #expect(isKilled, "\(call) is not called") }
        #expect(try resume(coordinator) == Self.undisturbed.get())
        let names = try FileManager.default.contentsOfDirectory(atPath: coordinator.scratch.file("state"))
        #expect(names.allSatisfy { $0.hasSuffix(".safetensors") } && (1...3).contains(names.count), "\(names)")
    }

    @Test(arguments: [("write", "ENOSPC"), ("fsync", "EIO"), ("rename", "EACCES"), ("openat", "EMFILE")])
    func `A disk that fails is told, and costs nothing else`(_ call: String, _ error: String) throws {
        let coordinator = try Coordinator()
        // The folder is opened a few times before the first checkpoint.
        let result = try run(coordinator, call, "error=\(error):when=\(call == "openat" ? "4..7" : "1")")
        #expect(result.status <= 1, "\(result.errors)")
        #expect(result.errors.contains("cannot"), "\(result.errors)")
        let report = try #require(try coordinator.report("report.json").questions.first)
        #expect(try report["parametersSHA256"] as? String == Self.undisturbed.get())
        #expect(try resume(coordinator) == Self.undisturbed.get())
    }
}
