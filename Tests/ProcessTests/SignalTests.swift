import Foundation
import Testing

/// Signals to coordinators and workers in mid-training.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SignalTests {
    /// Starts a long run and waits until both of its workers compute.
    private func start(_ coordinator: Coordinator, _ arguments: [String] = []) throws -> (RunningProgram, [Int32]) {
        let program = try coordinator.start(["--workers", "2"] + arguments + longRun, isQuiet: false)
        try program.waitForErrors(containing: "worker 2 joined")
        let workers = ProcessTable.children(of: program.processIdentifier)
        try #require(workers.count == 2)
        // Joined, they still have to prepare; that they compute shows in their processor time.
        try #require(program.wait(within: .seconds(30)) { workers.allSatisfy { ProcessTable.ticks(of: $0) >= 10 } })
        return (program, workers)
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func `A signal ends the run and its workers`(_ signal: Int32, _ status: Int32) throws {
        let (program, workers) = try start(Coordinator())
        program.signal(signal)
        let result = try program.finish(within: .seconds(20))
        #expect(result.status == status)
        #expect(result.errorLines.last?.contains("interrupted") == true)
        #expect(areGone(workers))
    }

    @Test func `Workers die with a coordinator that is killed`() throws {
        let (program, workers) = try start(Coordinator())
        program.signal(SIGKILL)
        #expect(areGone(workers))
        #expect(try program.finish(within: .seconds(20)).status == -SIGKILL)
    }

    @Test func `A worker that is killed changes nothing but the count`() throws {
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + longRun)
        let (program, workers) = try start(coordinator, ["--report", coordinator.scratch.file("report.json")])
        kill(workers[0], SIGKILL)
        let result = try program.finish(within: .seconds(60))
        #expect(result.status == 0)
        #expect(result.errors.contains("lost"))
        let report = try #require(try coordinator.report("report.json").questions.first)
        #expect(report["parametersSHA256"] as? String == undisturbed)
        #expect((report["faults"] as? [String: Any])?["workersLost"] as? Int == 1)
        #expect(areGone(workers))
    }

    @Test func `Workers that are killed are replaced`() throws {
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + longRun)
        let (program, workers) = try start(coordinator, ["--report", coordinator.scratch.file("report.json")])
        for worker in workers { kill(worker, SIGKILL) }
        try program.waitForErrors(containing: "worker 4 joined")
        let others = ProcessTable.children(of: program.processIdentifier)
        #expect(Set(others).isDisjoint(with: workers))
        let result = try program.finish(within: .seconds(60))
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(try coordinator.report("report.json").questions.first)
        #expect(report["parametersSHA256"] as? String == undisturbed)
        #expect((report["faults"] as? [String: Any])?["workersLost"] as? Int == 2)
        #expect(areGone(workers + others))
    }

    @Test func `When none stays alive the run ends`() throws {
        let coordinator = try Coordinator()
        let program = try coordinator.start(["--workers", "2"] + longRun, isQuiet: false)
        program.killWorkers(until: .now + .seconds(60))
        let result = try program.finish(within: .seconds(20))
        #expect(result.status == 4)
        #expect(result.errorLines.count { $0.hasPrefix("coordinator: ") } == 1)
        #expect(result.errorLines.last?.contains("no worker is left") == true)
        #expect(result.errorLines.last?.contains("9") == true)
    }
}
