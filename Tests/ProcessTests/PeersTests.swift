import Foundation
import Testing

/// A package whose peers are a shell script, so that every answer can be tried.
private struct FakePackage {
    let scratch: Scratch

    /// - Parameter script: what stands in for Python; `$file` is where the answer goes.
    init(script: String?) throws {
        scratch = try Scratch()
        let files = FileManager.default
        try files.createDirectory(atPath: scratch.file("tools/peers"), withIntermediateDirectories: true)
        try scratch.write(Array("torch\n".utf8), to: "tools/peers/requirements.txt")
        guard let script else { return }
        try files.createDirectory(atPath: scratch.file(".build/peers/bin"), withIntermediateDirectories: true)
        try scratch.write(Array("torch\n".utf8), to: ".build/peers/requirements.txt")
        let find = "while [ $# -gt 1 ]; do [ \"$1\" = --answer ] && file=$2; shift; done"
        try scratch.write(Array("#!/bin/sh\n\(find)\n\(script)\n".utf8), to: ".build/peers/bin/python")
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.file(".build/peers/bin/python"))
    }

    func run(_ environment: [String: String] = [:]) throws -> Program.Result {
        let small = ["--set", "layerSize=8", "--set", "blocks=1", "--set", "batchSize=8", "--steps", "3", "q7"]
        return try Program.run(
            "benchmark", ["peers", "--workers", "1", "--rounds", "1"] + small,
            environment: scratch.environment.merging(environment) { $1 },
            in: URL(fileURLWithPath: scratch.path))
    }
}

/// `benchmark peers` with peers that lie, fail and are not there.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FakePeersTests {
    @Test(arguments: [
        (
            #"echo '{"program":"fake","losses":[9,9,9],"millisecondsPerStep":1,"peakBytes":1}' >"$file""#, Int32(1),
            "the losses of Lockstep, 1 worker and PyTorch, 1 thread disagree, so nothing is compared: at step 1"
        ),
        (#"echo '{"losses":"none"}' >"$file""#, 3, "PyTorch, 1 thread: it is not the JSON that was expected"),
        (#"echo '{"program":"f","losses":[1],"millisecondsPerStep":1,"peakBytes":1}' >"$file""#, 3, "1 losses for 3"),
        ("exit 0", 3, "it wrote none"),
        ("echo Traceback >&2; echo 'ValueError: no' >&2; exit 1", 4, "exit code 1: ValueError: no"),
        ("kill -9 $$", 4, "signal 9"),
    ])
    func `What a peer does wrong is one line`(script: String, status: Int32, text: String) throws {
        let result = try FakePackage(script: script).run()
        #expect(result.status == status && result.output.isEmpty)
        // Before it stands a line for Lockstep's own run.
        let lines = result.errorLines.filter { $0.hasPrefix("benchmark peers: ") }
        #expect(lines.count == 1 && result.errorLines.count == 2)
        #expect(lines.first?.contains(text) == true, "\(result.errors)")
    }

    @Test func `Without Python there is one line`() throws {
        let result = try FakePackage(script: nil).run(["PATH": "/nonexistent"])
        #expect(result.status == 4 && result.output.isEmpty)
        #expect(result.errorLines.count == 2 && result.errorLines.first?.hasPrefix("installing PyTorch") == true)
        #expect(result.errorLines.last?.contains("cannot install the peers") == true, "\(result.errors)")
    }
}

/// Whether the peers are installed, or may be.
private let canRunPeers =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || FileManager.default.fileExists(atPath: Program.package.path + "/.build/peers/requirements.txt")

/// The real peers, where they are installed or, under continuous integration, can be.
@Suite(
    .serialized, .timeLimit(.minutes(20)),
    .enabled(if: canRunPeers, "PyTorch and JAX are not in .build/peers: run 'benchmark peers' once"))
struct RealPeersTests {
    @Test(
        "their losses are ours",
        arguments: [
            ["--workers", "2", "q3"], ["--workers", "1", "q4"], ["--workers", "1", "--set", "blocks=2", "q7"],
            ["--workers", "1", "--set", "blocks=2", "q7-nanogpt"],
        ])
    func losses(arguments: [String]) throws {
        let scratch = try Scratch()
        let result = try Program.run(
            "benchmark", ["peers", "--rounds", "1", "--steps", "6", "--report", scratch.file("p.json")] + arguments,
            environment: scratch.environment, deadline: .seconds(900))
        #expect(result.status == 0, "\(result.errors)")
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file("p.json")))
        let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let comparison = try #require((report["comparisons"] as? [[String: Any]])?.first)
        let runs = try #require(comparison["runs"] as? [[String: Any]])
        let programs = Set(runs.compactMap { ($0["program"] as? String)?.split(separator: " ").first })
        #expect(programs == ["Lockstep", "PyTorch", "JAX"])
        #expect(runs.allSatisfy { ($0["peakBytes"] as? Int ?? 0) > 1 << 20 })
    }
}
