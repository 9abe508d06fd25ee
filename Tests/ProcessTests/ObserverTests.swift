import Foundation
import Testing

/// What `--log-json`, `--tensorboard` and `--trace` write in real runs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ObserverTests {
    /// A run of q3 with everything written down.
    private static let short = ["--workers", "2", "--set", "epochs=2", "--set", "hidden=[32]", "q3"]

    private func objects(_ path: String) throws -> [[String: Any]] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return try bytes.split(separator: UInt8(ascii: "\n")).map {
            try #require(try JSONSerialization.jsonObject(with: $0) as? [String: Any])
        }
    }

    private func trace(_ path: String) throws -> [[String: Any]] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let whole = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        return try #require(whole["traceEvents"] as? [[String: Any]])
    }

    @Test func `Log and trace agree with the report`() throws {
        let coordinator = try Coordinator()
        let log = coordinator.scratch.file("log.jsonl")
        let traceFile = coordinator.scratch.file("trace.json")
        let report = try coordinator.train(["--log-json", log, "--trace", traceFile] + Self.short)
        let events = try objects(log)
        let names = events.compactMap { $0["event"] as? String }
        #expect(names.first == "run" && names.last == "ended" && events.last?["failed"] as? Bool == false)
        #expect(names.count { $0 == "workerJoined" } == 2)
        let steps = events.filter { $0["event"] as? String == "stepCompleted" }.compactMap { $0["step"] as? Int }
        #expect(steps == Array(1...(try #require(report["steps"] as? Int))))
        let scores = events.filter { $0["event"] as? String == "evaluated" }
        for split in ["validation", "test"] {
            let last = scores.last { $0["split"] as? String == split }
            #expect(last?["value"] as? Double == report[split] as? Double)
        }
        let grade = try #require(events.first { $0["event"] as? String == "graded" })
        #expect(grade["parametersSHA256"] as? String == report["parametersSHA256"] as? String)
        let seconds = events.compactMap { $0["seconds"] as? Double }
        #expect(seconds == seconds.sorted())
        try check(trace(traceFile), report)
    }

    private func check(_ trace: [[String: Any]], _ report: [String: Any]) throws {
        let all = trace.filter { $0["ph"] as? String == "X" }
        func stretches(_ name: String) -> [[String: Any]] { all.filter { $0["name"] as? String == name } }
        func sum(_ name: String) -> Double { stretches(name).compactMap { $0["dur"] as? Double }.reduce(0, +) / 1e6 }
        #expect(stretches("step").count == report["steps"] as? Int)
        let time = try #require(report["time"] as? [String: Double])
        let compute = try #require(time["compute"])
        // The report counts the slowest worker of each round, the trace both.
        let both = sum("gradient") + sum("evaluate")
        #expect(both >= compute * 0.99 && both <= compute * 2.01, "\(both) for \(compute)")
        let reduce = try #require(time["reduce"])
        #expect(sum("reduce") > 0 && sum("reduce") < sum("step") && reduce > 0)
        // Of each track, what begins later ends before the other does, or begins behind its end.
        for (_, track) in Dictionary(grouping: all, by: { $0["tid"] as? Int ?? 0 }) {
            var open: [Double] = []
            let times = try track.map { (try #require($0["ts"] as? Double), try #require($0["dur"] as? Double)) }
            for (start, length) in times.sorted(by: { ($0.0, -$0.1) < ($1.0, -$1.1) }) {
                while let end = open.last, end <= start + 0.01 { open.removeLast() }
                if let end = open.last { #expect(start + length <= end + 0.01) }
                open.append(start + length)
            }
        }
    }

    @Test(arguments: [SIGINT, SIGTERM]) func `A run that is interrupted leaves valid files`(_ signal: Int32) throws {
        let coordinator = try Coordinator()
        let log = coordinator.scratch.file("log.jsonl")
        let traceFile = coordinator.scratch.file("trace.json")
        let program = try coordinator.start(["--workers", "2", "--log-json", log, "--trace", traceFile] + longRun)
        #expect(
            program.wait(within: .seconds(30)) {
                (try? objects(log))?.contains { $0["event"] as? String == "stepCompleted" } ?? false
            }, "the log grows while the run goes on")
        program.signal(signal)
        #expect(try program.finish(within: .seconds(20)).status == 128 + signal)
        let last = try #require(try objects(log).last)
        #expect(last["event"] as? String == "ended" && last["failed"] as? Bool == true)
        let marks = try trace(traceFile).compactMap { $0["name"] as? String }
        #expect(marks.contains("failed: interrupted by a signal") && marks.contains("step"))
    }

    @Test func `A run that fails leaves valid files`() throws {
        let coordinator = try Coordinator()
        let log = coordinator.scratch.file("log.jsonl")
        let traceFile = coordinator.scratch.file("trace.json")
        let bad = ["--set", "learningRate=1000", "--set", "epochs=500", "linear"]
        let result = try coordinator.run(["--log-json", log, "--trace", traceFile] + bad)
        expectFailure(result, 5, saying: "diverged")
        #expect((try objects(log).last?["reason"] as? String)?.contains("diverged") == true)
        #expect(try trace(traceFile).contains { ($0["name"] as? String)?.hasPrefix("failed: ") == true })
    }

    @Test(arguments: [
        ["--log-json", "/nonexistent/log"], ["--trace", "/nonexistent/trace"], ["--tensorboard", "/proc/tensorboard"],
        ["--log-json", "/tmp"],
    ])
    func `What cannot be written is found out before anything is started`(_ arguments: [String]) throws {
        let result = try Coordinator().run(arguments + ["linear"])
        expectFailure(result, 3, saying: arguments[1])
        #expect(result.output.isEmpty)
    }

    @Test func `A full disk is told, and the results are there`() throws {
        let coordinator = try Coordinator()
        let report = coordinator.scratch.file("report.json")
        let result = try coordinator.run(["--log-json", "/dev/full", "--report", report] + Self.short)
        #expect(result.status == 3)
        #expect(result.output.contains("q3: "))
        #expect(FileManager.default.fileExists(atPath: report))
        #expect(result.errorLines.count { $0.contains("warning: ") } <= 1, "\(result.errors)")
        #expect(result.errorLines.last == "coordinator: cannot write log: /dev/full: no space left on device")
    }

    @Test func `A trace on a full disk is told, and the results are there`() throws {
        let result = try Coordinator().run(["--trace", "/dev/full", "linear"])
        #expect(result.status == 3 && result.output.contains("linear: passed"))
        #expect(result.errorLines == ["coordinator: cannot write trace: /dev/full: no space left on device"])
    }

    /// What is observed does not change what is learned.
    @Test func `Nobody who looks on changes the result`() throws {
        let coordinator = try Coordinator()
        let scratch = coordinator.scratch
        let all = [
            "--log-json", scratch.file("l"), "--trace", scratch.file("t"), "--tensorboard", scratch.file("b"),
        ]
        #expect(try coordinator.digest(Self.short) == coordinator.digest(all + Self.short))
    }
}
