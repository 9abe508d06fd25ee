import Foundation
import Testing

/// Runs that are cut short and resumed: the result is that of the undisturbed run.
@Suite(.serialized) struct CheckpointTests {
    /// A folder for one test.
    private struct Place {
        let path = NSTemporaryDirectory() + "resumed-runs-\(UUID().uuidString)"

        var checkpoints: [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/state")) ?? []
            return names.filter { $0.hasSuffix(".safetensors") }.sorted()
        }

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        func remove() { try? FileManager.default.removeItem(atPath: path) }

        /// What must be the same in two reports of one question.
        func result() throws -> [String] {
            let data = try Data(contentsOf: URL(fileURLWithPath: path + "/report.json"))
            let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let question = try #require((report["questions"] as? [[String: Any]])?.first)
            return ["parametersSHA256", "steps", "epochs", "validation", "test", "trainLoss", "passed"].map {
                "\($0) \(question[$0] ?? "none")"
            }
        }
    }

    private static let runs: [[String]] = [
        // Half of the rounds are evaluations.
        ["--set", "epochs=1500", "--set", "evaluationInterval=1", "--set", "optimizer=adamw", "linear"],
        ["--set", "clipNorm=1", "q2"],
        ["--set", "window=1", "q1"],
    ]

    private static func arguments(_ place: Place, _ run: [String], workers: Int, resumed: Bool) -> [String] {
        ["--workers", "\(workers)", "--quiet", "--report", place.path + "/report.json"]
            + ["--checkpoint", place.path + "/state", "--checkpoint-interval", "0.01"] + (resumed ? ["--resume"] : [])
            + run
    }

    private static func undisturbed(_ run: [String]) throws -> [String] {
        let place = try Place()
        defer { place.remove() }
        let result = try Program.run(
            "coordinator", ["--workers", "1", "--quiet", "--report", place.path + "/report.json"] + run)
        try #require(result.status <= 1, "\(result.errors)")
        return try place.result()
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGKILL], runs)
    func aRunThatIsCutShortIsResumed(signal: Int32, run: [String]) throws {
        let place = try Place()
        defer { place.remove() }
        var resumed = false
        for workers in [2, 3] {
            let before = place.checkpoints
            let program = try Program.start(
                "coordinator", Self.arguments(place, run, workers: workers, resumed: resumed))
            let isWriting = program.wait(within: .seconds(60)) {
                place.checkpoints != before || !program.process.process.isRunning
            }
            #expect(isWriting)
            let workerProcesses = ProcessTable.children(of: program.processIdentifier)
            program.signal(signal)
            let result = try program.finish(within: .seconds(30))
            // It may have been over before the signal came.
            #expect([signal == SIGKILL ? -SIGKILL : 128 + signal, 0, 1].contains(result.status), "\(result.errors)")
            #expect(program.wait(within: .seconds(2)) { !workerProcesses.contains(where: ProcessTable.isAlive) })
            #expect(!place.checkpoints.isEmpty && place.checkpoints.count <= 4)
            resumed = true
        }
        let last = try Program.run("coordinator", Self.arguments(place, run, workers: 1, resumed: true))
        #expect(last.status <= 1, "\(last.errors)")
        #expect(try place.result() == Self.undisturbed(run))
    }

    @Test func whenTheLastWorkerEndsTheStateIsKept() throws {
        let place = try Place()
        defer { place.remove() }
        let run = Self.runs[0]
        let program = try Program.start("coordinator", Self.arguments(place, run, workers: 1, resumed: false))
        #expect(program.wait(within: .seconds(60)) { !place.checkpoints.isEmpty })
        program.killWorkers(until: .now + .seconds(60))
        let result = try program.finish(within: .seconds(30))
        #expect(result.status == 4, "\(result.errors)")
        let last = try Program.run("coordinator", Self.arguments(place, run, workers: 2, resumed: true))
        #expect(last.status <= 1, "\(last.errors)")
        let (resumed, undisturbed) = (try place.result(), try Self.undisturbed(run))
        #expect(resumed == undisturbed)
    }

    @Test func aFinishedRunIsNotTrainedAgainAndItsParametersAreExported() throws {
        let place = try Place()
        defer { place.remove() }
        let run = ["--set", "epochs=20", "linear"]
        let first = try Program.run("coordinator", Self.arguments(place, run, workers: 1, resumed: true))
        #expect(first.status <= 1, "\(first.errors)")
        let result = try place.result()
        let files = place.checkpoints
        let again = try Program.run("coordinator", Self.arguments(place, run, workers: 1, resumed: true))
        #expect(again.status == first.status, "\(again.errors)")
        #expect(try place.result() == result)
        #expect(place.checkpoints == files)

        let exported = place.path + "/plain.safetensors"
        let export = try Program.run(
            "coordinator", ["export", "--checkpoint", place.path + "/state", "linear", exported])
        #expect(export.status == 0, "\(export.errors)")
        let zero = try Program.run(
            "coordinator",
            ["--workers", "1", "--quiet", "--init", exported, "--set", "learningRate=0", "--set", "epochs=1"]
                + ["--report", place.path + "/report.json", "linear"])
        #expect(zero.status <= 1, "\(zero.errors)")
        #expect(try place.result()[0] == result[0], "parameters that do not learn stay what they were")
        let missing = try Program.run("coordinator", ["export", "--checkpoint", place.path + "/state", "q3", exported])
        #expect(missing.status == 3 && missing.errorLines.count == 1, "\(missing.errors)")
    }

    @Test(arguments: [
        (["--set", "epochs=21", "linear"], "had epochs=20, not 21"),
        (["--set", "epochs=20", "--seed", "1", "linear"], "seed"),
        (["--set", "epochs=20", "--shards", "2", "linear"], "shards"),
    ])
    func anotherTrainingIsRefusedByName(other: [String], difference: String) throws {
        let place = try Place()
        defer { place.remove() }
        let run = ["--set", "epochs=20", "linear"]
        _ = try Program.run("coordinator", Self.arguments(place, run, workers: 1, resumed: false))
        let files = place.checkpoints
        #expect(!files.isEmpty)
        for (arguments, cause) in [
            (Self.arguments(place, other, workers: 1, resumed: true), difference),
            (Self.arguments(place, run, workers: 1, resumed: false), "earlier run"),
        ] {
            let refused = try Program.run("coordinator", arguments)
            #expect(refused.status == 3)
            #expect(refused.errorLines.count == 1 && refused.errors.contains(cause), "\(refused.errors)")
        }
        #expect(place.checkpoints == files)
    }

    @Test func aDamagedNewestIsReportedAndTheOneBeforeUsed() throws {
        let place = try Place()
        defer { place.remove() }
        let run = ["--set", "epochs=400", "linear"]
        _ = try Program.run("coordinator", Self.arguments(place, run, workers: 1, resumed: false))
        let result = try place.result()
        let files = place.checkpoints
        try #require(files.count > 1)
        let newest = place.path + "/state/" + files[files.count - 1]
        truncate(newest, 500)
        let arguments = Self.arguments(place, run, workers: 2, resumed: true).filter { $0 != "--quiet" }
        let resumed = try Program.run("coordinator", arguments)
        #expect(resumed.status <= 1)
        #expect(resumed.errors.contains(newest) && resumed.errors.contains("the one before it is used"))
        #expect(try place.result() == result)
    }

    @Test func aFolderThatCannotBeUsedIsFoundOutAtOnce() throws {
        for path in ["/dev/null", "/dev/null/x", "/proc/x"] {
            let refused = try Program.run("coordinator", ["--quiet", "--checkpoint", path, "linear"])
            #expect(refused.status == 3)
            #expect(refused.errorLines.count == 1 && refused.errors.contains(path), "\(refused.errors)")
        }
    }
}
