import Foundation
import Testing

/// Workers that connect by themselves, as from another host.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RemoteTests {
    private static let recipe = ["--set", "epochs=30", "linear"]

    /// A coordinator that waits for workers, and the endpoint it tells.
    private func listen(_ coordinator: Coordinator, _ proof: [String]) throws -> (RunningProgram, String) {
        let program = try coordinator.start(
            [
                "--launcher", "none", "--listen", "tcp://127.0.0.1:*", "--report",
                coordinator.scratch.file("report.json"),
            ]
                + proof + Self.recipe, isQuiet: false)
        try program.waitForErrors(containing: "worker --connect tcp://127.0.0.1:")
        let words = program.errorsSoFar.split(whereSeparator: \.isWhitespace)
        return (program, try #require(words.first { $0.hasPrefix("tcp://127.0.0.1:") }.map(String.init)))
    }

    /// Starts a worker with a cache of its own below a folder, which must outlive it.
    private func join(_ endpoint: String, _ arguments: [String], _ scratch: Scratch) throws -> RunningProgram {
        try Program.start(
            "worker", ["--quiet", "--connect", endpoint, "--cache", scratch.file("own-cache")] + arguments,
            environment: scratch.environment)
    }

    @Test(arguments: [false, true]) func `Workers of other hosts give the same result`(_ isInsecure: Bool) throws {
        let coordinator = try Coordinator()
        let local = try coordinator.digest(["--workers", "2"] + Self.recipe)
        let proof = isInsecure ? ["--insecure"] : ["--token-file", coordinator.scratch.file("token")]
        let (program, endpoint) = try listen(coordinator, proof)
        let worker = try join(endpoint, proof, coordinator.scratch)
        let result = try program.finish(within: .seconds(40))
        #expect(result.errors.contains("warning") == isInsecure)
        let worked = try worker.finish(within: .seconds(20))
        #expect(worked.status == 0 && worked.errors.isEmpty, "\(worked.errors)")
        // The data set came through the network into the worker's own cache.
        #expect(try FileManager.default.contentsOfDirectory(atPath: coordinator.scratch.file("own-cache")).count == 1)
        let report = try #require(try coordinator.report("report.json").questions.first)
        #expect(report["parametersSHA256"] as? String == local)
        #expect(report["workers"] as? Int == 1)
    }

    @Test func `A worker with the token of another run does not get in`() throws {
        let coordinator = try Coordinator()
        let token = coordinator.scratch.file("token")
        let (program, endpoint) = try listen(coordinator, ["--token-file", token])
        let other = try Coordinator()
        let wrong = other.scratch.file("token")
        let (decoy, _) = try listen(other, ["--token-file", wrong])
        decoy.signal(SIGTERM)
        #expect(try decoy.finish(within: .seconds(20)).status == 143)

        let stranger = try join(endpoint, ["--token-file", wrong], other.scratch)
        let plain = try join(endpoint, ["--insecure"], other.scratch)
        usleep(500_000)
        #expect(!program.errorsSoFar.contains("joined"))
        let worker = try join(endpoint, ["--token-file", token], coordinator.scratch)
        let result = try program.finish(within: .seconds(40))
        #expect(result.errors.contains("worker 1 joined") && !result.errors.contains("worker 2 joined"))
        #expect(try worker.finish(within: .seconds(20)).status == 0)
        for program in [stranger, plain] {
            program.signal(SIGKILL)
            _ = try program.finish(within: .seconds(20))
        }
    }

    @Test func `A worker without keys is told what to give`() throws {
        let scratch = try Scratch()
        let worker = try join("tcp://127.0.0.1:5571", [], scratch)
        expectFailure(try worker.finish(within: .seconds(20)), 2, saying: "--token-file")
    }

    @Test(arguments: [0o644, 0o666]) func `Keys that others may read are refused`(_ mode: Int) throws {
        let scratch = try Scratch()
        try scratch.write([], to: "token")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.file("token"))
        let worker = try join("tcp://127.0.0.1:5571", ["--token-file", scratch.file("token")], scratch)
        expectFailure(try worker.finish(within: .seconds(20)), 2, saying: "others may read")
    }
}
