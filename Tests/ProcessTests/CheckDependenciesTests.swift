import Foundation
import Testing
import WebClient

/// What `coordinator check-dependencies` says of this machine, and of what is broken on purpose.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CheckDependenciesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A run, and its lines by name.
    private func check(
        _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> (result: Program.Result, lines: [String: String]) {
        let program = try Program.start(
            "coordinator", ["check-dependencies"] + arguments,
            environment: scratch.environment.merging(environment) { $1 })
        let result = try program.finish(within: .seconds(60))
        #expect(result.errors.isEmpty, "\(result.errors)")
        return (result, lines(result.output))
    }

    private func lines(_ output: String) -> [String: String] {
        var lines: [String: String] = [:]
        for line in output.split(separator: "\n") where line.contains("  ") {
            // The state, the name, and what is told of it.
            let name = line.dropFirst(9).firstRange(of: "  ").map { line.dropFirst(9)[..<$0.lowerBound] } ?? ""
            lines[String(name)] =
                line.split(separator: " ")[0] + ": "
                + line.dropFirst(9 + name.count).drop { $0 == " " }
        }
        return lines
    }

    @Test func `A page shows a line that turns until it is interrupted`() throws {
        let program = try Program.start(
            "coordinator", ["check-dependencies", "--dashboard", "127.0.0.1:0"], environment: scratch.environment)
        try program.waitForErrors(containing: "Ctrl-C ends it\n")
        let line = program.errorsSoFar
        let address = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\//)?.1)
        let client = try WebClient(port: try #require(UInt16(address)))
        try client.ask("/events")
        #expect(try client.head().status == 200)
        var angles: Set<String> = []
        while angles.count < 3 {
            let event = String(decoding: try #require(try client.event()).data, as: UTF8.self)
            if let angle = event.firstMatch(of: /"kind":"line","angle":([^}]*)}/)?.1 { angles.insert(String(angle)) }
        }
        kill(program.process.process.processIdentifier, SIGINT)
        let result = try program.finish(within: .seconds(30))
        #expect(result.status == 130, "\(result.errors)")
        #expect(result.output.hasSuffix("\nall that is needed is there\n"))
    }

    @Test func `On a fresh machine all that is needed is there`() throws {
        let report = scratch.file("report.json")
        let (result, lines) = try check(["--report", report])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.hasSuffix("\nall that is needed is there\n"))
        for name in ["libzmq", "libsodium", "zlib", "libmicrohttpd"] {
            let version = try #require(lines[name]).dropFirst("ok: ".count)
            #expect(version.split(separator: ".").count >= 2 && version.first?.isNumber == true, "\(version)")
        }
        #expect(lines["encryption (CURVE)"]?.hasPrefix("ok") == true)
        #expect(lines["processor"]?.hasPrefix("ok: products by ") == true)
        #expect(Int(lines["cores"]?.dropFirst("ok: ".count) ?? "") ?? 0 >= 1)
        #expect(lines["memory"]?.hasSuffix(" GiB free") == true)
        for name in ["digits (q3, q5)", "words (q4)", "plays (q7)"] {
            #expect(lines[name]?.hasPrefix("missing: no ") == true, "\(name)")
            #expect(lines[name]?.contains("synthetic") == true && lines[name]?.contains("tools/fetch-data") == true)
        }
        #expect(lines["cache"] == "ok: \(scratch.file("cache/lockstep/datasets"))")
        #expect(lines["shared memory"]?.hasPrefix("ok") == true)
        #expect(lines["test connection"]?.hasPrefix("ok: tcp://127.0.0.1:") == true)

        let data = try Data(contentsOf: URL(fileURLWithPath: report))
        let written = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let entries = try #require(written["entries"] as? [[String: Any]])
        #expect(written["schema"] as? Int == 1 && entries.count == lines.count)
        for entry in entries {
            let line = try #require(lines[entry["name"] as? String ?? ""])
            #expect(line.hasPrefix("\(entry["state"] ?? ""): \(entry["value"] ?? "")"))
            #expect(entry["exitCode"] as? Int == 0)
        }
        // The cache holds nothing that was not there before.
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("cache/lockstep/datasets")).isEmpty)
    }

    @Test func `A benchmark can check as well`() throws {
        let result = try Program.run(
            "benchmark", ["coordinator", "check-dependencies"], environment: scratch.environment)
        #expect(result.status == 0, "\(result.output)")
        #expect(lines(result.output)["test connection"]?.hasPrefix("ok") == true)
    }

    @Test(.enabled(if: Program.data != nil, "LOCKSTEP_DATA does not name a folder of real data"))
    func `Published files are known, and a changed byte is noticed`() throws {
        let real = try #require(Program.data)
        let (good, lines) = try check(environment: ["LOCKSTEP_DATA": real])
        #expect(good.status == 0, "\(good.output)")
        for name in ["digits (q3, q5)", "words (q4)", "plays (q7)"] {
            #expect(lines[name]?.contains("as published, SHA-256 ") == true, "\(name)")
        }
        var text = Array(try Data(contentsOf: URL(fileURLWithPath: real + "/input.txt")))
        text[1000] ^= 1
        try scratch.write(text, to: "data/input.txt")
        let (bad, others) = try check()
        #expect(bad.status == 3)
        #expect(others["plays (q7)"]?.contains("another checksum") == true)
        #expect(others["plays (q7)"]?.contains("tools/fetch-data") == true)
    }

    @Test(arguments: [
        ("mnist.npz", "digits (q3, q5)"), ("lang_id.npz", "words (q4)"), ("input.txt", "plays (q7)"),
    ]) func `A damaged file is named, and the exit code is 3`(file: String, name: String) throws {
        try scratch.write([0x50, 0x4B, 0xFF, 0xFE], to: "data/\(file)")
        let (result, lines) = try check()
        #expect(result.status == 3)
        #expect(lines[name]?.hasPrefix("failed: ") == true && lines[name]?.contains(file) == true, "\(result.output)")
        #expect(lines.values.count { $0.hasPrefix("failed") } == 1)
        #expect(result.output.hasSuffix("\nnot as it must be: \(name)\n"))
    }

    @Test func `What a part of the digits lacks is named`() throws {
        try scratch.write([1], to: "data/train-images-idx3-ubyte")
        let (result, lines) = try check()
        let line = try #require(lines["digits (q3, q5)"])
        #expect(result.status == 0 && line.hasPrefix("missing"))
        #expect(line.contains("t10k-labels-idx1-ubyte") && !line.contains("train-images"), "\(line)")
    }

    @Test func `A folder that is not there is a failure`() throws {
        let (result, lines) = try check(["--data", scratch.file("nowhere")])
        #expect(result.status == 3)
        #expect(lines["data folder"]?.contains("nowhere: no such folder; correct --data") == true, "\(result.output)")
    }

    @Test func `Where the cache cannot be, another takes its place`() throws {
        try scratch.write([], to: "file")
        let broken = ["XDG_CACHE_HOME": scratch.file("file"), "TMPDIR": scratch.path]
        let (result, lines) = try check(environment: broken)
        #expect(result.status == 0)
        #expect(lines["cache"]?.hasPrefix("missing: \(scratch.file("file"))/lockstep/datasets") == true)
        #expect(lines["cache"]?.contains("XDG_CACHE_HOME") == true)
    }

    @Test func `Without any cache the exit code is 3, and workers do not come`() throws {
        try scratch.write([], to: "file")
        let (result, lines) = try check(
            environment: ["XDG_CACHE_HOME": scratch.file("file"), "TMPDIR": scratch.file("file")])
        #expect(result.status == 3)
        #expect(lines["cache"]?.hasPrefix("failed: cannot use cache folder") == true, "\(result.output)")
        #expect(lines["cache"]?.contains("; set XDG_CACHE_HOME") == true)
        #expect(lines["test connection"]?.contains("cannot use cache folder") == true, "\(result.output)")
    }

    /// System calls that the kernel, a sandbox or a full machine refuses.
    @Test(
        .enabled(if: Strace.works, Strace.remedy),
        arguments: [
            ("memfd_create", "ENOSYS", "shared memory", "memfd_create"),
            ("bind", "EPERM", "test connection", "AF_NETLINK"),
            ("listen", "EADDRINUSE", "test connection", "choose another port"),
            ("pidfd_open", "ENOSYS", "test connection", "Linux 5.4"),
        ]) func `What the system refuses is told`(call: String, error: String, name: String, remedy: String) throws
    {
        let strace = try RunningProgram(
            executable: URL(fileURLWithPath: Strace.path),
            Strace.arguments(call, "error=\(error)", on: [])
                + [Program.folder.appendingPathComponent("coordinator").path, "check-dependencies"],
            environment: scratch.environment, in: nil)
        let result = try strace.finish(within: .seconds(60))
        let line = try #require(lines(result.output)[name], "\(result.output) \(result.errors)")
        #expect(result.status == 4, "\(result.output)")
        #expect(line.hasPrefix("failed: ") && line.contains(remedy), "\(line)")
        #expect(lines(result.output).values.count { $0.hasPrefix("failed") } == 1)
    }

    @Test func `A killed check leaves no worker behind`() throws {
        let program = try Program.start("coordinator", ["check-dependencies"], environment: scratch.environment)
        var workers: [Int32] = []
        // Stopped as soon as it has started one; it may have ended before.
        while workers.isEmpty, program.process.process.isRunning {
            workers = ProcessTable.children(of: program.processIdentifier)
        }
        program.signal(SIGKILL)
        _ = try program.finish(within: .seconds(20))
        #expect(areGone(workers))
    }
}
