import Foundation
import Testing

/// Workers that are killed in each phase of their lives.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WorkerPhaseTests {
    /// Runs, lets something happen to it, and expects the result of one undisturbed worker.
    private func expectSame(
        _ recipe: [String], workers: Int = 2, extra: [String] = [], _ disturb: (RunningProgram) throws -> Void
    ) throws {
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + recipe)
        let program = try coordinator.start(
            ["--workers", "\(workers)", "--report", coordinator.scratch.file("report.json")]
                + extra.map { $0 == "STATE" ? coordinator.scratch.file("state") : $0 } + recipe, isQuiet: false)
        try disturb(program)
        let result = try program.finish(within: .seconds(90))
        #expect(result.status <= 1, "\(result.errors)")
        let report = try #require(try coordinator.report("report.json").questions.first)
        #expect(report["parametersSHA256"] as? String == undisturbed)
    }

    /// Waits for a worker process other than some.
    private func worker(of program: RunningProgram, besides known: Set<Int32> = []) throws -> Int32 {
        var found: Int32?
        _ = program.wait(within: .seconds(30)) {
            found = ProcessTable.children(of: program.processIdentifier).first { !known.contains($0) }
            return found != nil
        }
        return try #require(found)
    }

    @Test func `Before it joins`() throws {
        try expectSame(longRun) { program in
            var killed: Set<Int32> = []
            for _ in 0..<3 {
                let pid = try worker(of: program, besides: killed)
                kill(pid, SIGKILL)
                killed.insert(pid)
            }
            #expect(areGone(Array(killed)))
        }
    }

    /// Before and after each kind of system call that it makes in mid-training, so also right after it has answered.
    @Test(
        .enabled(if: Strace.works, Strace.remedy),
        arguments: ["write", "sendto", "recvfrom", "poll", "futex"])
    func `At any call while it computes and answers`(_ call: String) throws {
        try expectSame(longRun) { program in
            try program.waitForErrors(containing: "worker 2 joined")
            let pid = try worker(of: program)
            let tracer = try RunningProgram(
                executable: URL(fileURLWithPath: Strace.path),
                ["-f", "-p", "\(pid)"]
                    + Strace.arguments(call, "signal=SIGKILL:when=20", on: []), environment: [:], in: nil)
            // A call that it does not make so often ends nobody; then it is killed wherever it is.
            if !program.wait(within: .seconds(1), until: { !ProcessTable.isAlive(pid) }) { kill(pid, SIGKILL) }
            _ = try tracer.finish(within: .seconds(20))
            #expect(areGone([pid]))
            try program.waitForErrors(containing: "lost")
        }
    }

    /// Evaluations take nearly all of the time here, and somebody is killed every 100 ms.
    @Test func `While it evaluates`() throws {
        let recipe = [
            "--set", "epochs=60", "--set", "batchSize=2048", "--set", "hidden=[64]", "--set", "target=1", "q3",
        ]
        try expectSame(recipe, workers: 3, extra: ["--chaos", "kill=100ms"]) { program in
            try program.waitForErrors(containing: "lost")
        }
    }

    @Test func `While the coordinator writes checkpoints`() throws {
        let recipe = ["--set", "epochs=1500", "--set", "evaluationInterval=1", "linear"]
        let state = ["--checkpoint", "STATE", "--checkpoint-interval", "0"]
        try expectSame(recipe, workers: 3, extra: state + ["--chaos", "kill=50ms"]) { program in
            try program.waitForErrors(containing: "lost")
        }
    }

    @Test func `While it receives the data set`() throws {
        let recipe = ["--set", "epochs=1", "--set", "hidden=[16]", "q3"]
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + recipe)
        let program = try coordinator.start(
            ["--launcher", "none", "--listen", "tcp://127.0.0.1:*", "--insecure"]
                + ["--report", coordinator.scratch.file("report.json")] + recipe, isQuiet: false)
        try program.waitForErrors(containing: "worker --connect tcp://127.0.0.1:")
        let words = program.errorsSoFar.split(whereSeparator: \.isWhitespace)
        let endpoint = try #require(words.first { $0.hasPrefix("tcp://127.0.0.1:") }.map(String.init))
        let cache = coordinator.scratch.file("own-cache")
        func join() throws -> RunningProgram {
            try Program.start(
                "worker", ["--quiet", "--insecure", "--connect", endpoint, "--cache", cache],
                environment: coordinator.scratch.environment)
        }
        let first = try join()
        let isReceiving = first.wait(within: .seconds(30)) {
            ((try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []).isEmpty == false
        }
        #expect(isReceiving)
        first.signal(SIGKILL)
        #expect(try first.finish(within: .seconds(20)).status == -SIGKILL)
        // Another one on that host, with what the first has left in the cache.
        let second = try join()
        #expect(try program.finish(within: .seconds(90)).status <= 1)
        #expect(try second.finish(within: .seconds(20)).status == 0)
        let report = try #require(try coordinator.report("report.json").questions.first)
        #expect(report["parametersSHA256"] as? String == undisturbed)
    }
}
