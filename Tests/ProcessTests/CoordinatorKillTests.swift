import Foundation
import Testing

/// Coordinators that are killed at random moments, again and again, each resumed with another number of workers.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CoordinatorKillTests {
    private static let recipe = [
        "--set", "epochs=60000", "--set", "evaluationInterval=2000", "--set", "optimizer=adamw", "q2",
    ]

    @Test func `Twenty kills change nothing`() throws {
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + Self.recipe)
        let state = ["--checkpoint", coordinator.scratch.file("state"), "--checkpoint-interval", "0.05", "--resume"]
        var random = SystemRandomNumberGenerator()
        var delays: [Int] = []
        for number in 0..<20 {
            let workers = 1 + number % 4
            let program = try coordinator.start(["--workers", "\(workers)"] + state + Self.recipe, isQuiet: false)
            // Also while workers start, data are read and a checkpoint is found.
            delays.append(Int.random(in: 20...400, using: &random))
            usleep(UInt32(delays[number]) * 1000)
            let processes = ProcessTable.children(of: program.processIdentifier)
            program.signal(SIGKILL)
            let killed = try program.finish(within: .seconds(20))
            #expect(killed.status == -SIGKILL, "over too early, after \(delays) ms: \(killed.errors)")
            #expect(areGone(processes))
        }
        let digest = try coordinator.digest(["--workers", "2"] + state + Self.recipe)
        #expect(digest == undisturbed, "killed after \(delays) ms")
    }

    @Test func `A folder belongs to one run at a time`() throws {
        let coordinator = try Coordinator()
        let state = ["--checkpoint", coordinator.scratch.file("state"), "--resume"]
        let first = try coordinator.start(["--workers", "1"] + state + longRun, isQuiet: false)
        try first.waitForErrors(containing: "worker 1 joined")
        let second = try coordinator.run(["--workers", "1"] + state + longRun)
        expectFailure(second, 3, saying: coordinator.scratch.file("state"), "another run")
        // It is free again at once, whatever ended the first.
        first.signal(SIGKILL)
        _ = try first.finish(within: .seconds(20))
        let third = try coordinator.run(["--workers", "1"] + state + ["--set", "epochs=5", "linear"])
        #expect(third.status <= 1 || third.errors.contains("had epochs"), "\(third.errors)")
    }
}
