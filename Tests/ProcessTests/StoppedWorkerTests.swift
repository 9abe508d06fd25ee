import Foundation
import Testing

/// Worker processes that are stopped for a while, as by a debugger or a machine that swaps, and then go on.
@Suite(.serialized) struct StoppedWorkerTests {
    /// What a report says of its one question, as far as these tests go by it.
    private struct Report: Decodable {
        struct Question: Decodable {
            struct Faults: Decodable {
                let workersLost: Int
            }

            let parametersSHA256: String
            let faults: Faults
        }

        let questions: [Question]

        static func read(_ file: URL) throws -> Question {
            try #require(JSONDecoder().decode(Report.self, from: Data(contentsOf: file)).questions.first)
        }
    }

    private static let recipe = ["--no-graphics", "--set", "epochs=40000", "q2"]

    private static let undisturbed = Swift.Result {
        let file = reportFile()
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try Program.run("coordinator", ["--workers", "1", "--report", file.path] + recipe)
        try #require(result.status == 0, "\(result.errors)")
        return try Report.read(file).parametersSHA256
    }

    private static func reportFile() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("lockstep-\(UUID().uuidString).json")
    }

    /// Stops a worker in mid-training until a condition holds, and lets it go on.
    private func run(lease: String, until condition: (RunningProgram) -> Bool) throws -> (Report.Question, String) {
        let file = Self.reportFile()
        defer { try? FileManager.default.removeItem(at: file) }
        let coordinator = try Program.start(
            "coordinator", ["--workers", "2", "--lease", lease, "--report", file.path] + Self.recipe)
        try #require(
            coordinator.wait(within: .seconds(60)) { coordinator.errorsSoFar.contains("worker 2 joined") })
        let worker = try #require(ProcessTable.children(of: coordinator.processIdentifier).first)
        kill(worker, SIGSTOP)
        let held = coordinator.wait(within: .seconds(60)) { condition(coordinator) }
        kill(worker, SIGCONT)
        #expect(held)
        let result = try coordinator.finish(within: .seconds(120))
        #expect(result.status == 0, "\(result.errors)")
        return (try Report.read(file), result.errors)
    }

    @Test func aStopShorterThanTheLeaseIsWaitedOut() throws {
        let (report, story) = try run(lease: "60") { _ in
            usleep(300_000)
            return true
        }
        #expect(report.faults.workersLost == 0)
        #expect(!story.contains("worker 3 joined"))
        #expect(try report.parametersSHA256 == Self.undisturbed.get())
    }

    @Test func aWorkerStoppedForLongerThanTheLeaseJoinsAnew() throws {
        let (report, story) = try run(lease: "0.5") { $0.errorsSoFar.contains("it was silent for") }
        #expect(story.contains("worker 3 joined"))
        #expect(try report.parametersSHA256 == Self.undisturbed.get())
    }
}
