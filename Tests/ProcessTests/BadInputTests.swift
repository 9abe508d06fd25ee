import Foundation
import Testing

/// Each thing that a user can get wrong ends with one line and the right exit code.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let status: Int32
        let text: String

        init(_ arguments: String..., status: Int32 = 2, saying text: String) {
            self.arguments = arguments
            self.status = status
            self.text = text
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Case("q9", saying: "unknown question: q9"),
        Case(saying: "no question given"),
        Case("--wrokers", "2", "q1", saying: "--wrokers"),
        Case("q1", "--seed", saying: "--seed"),
        Case("--workers", "0", "q1", saying: "--workers"),
        Case("--workers", "-1", "q1", saying: "--workers"),
        Case("--workers", "99999999999999999999", "q1", saying: "--workers"),
        Case("--shards", "3", "q1", saying: "--shards"),
        Case("--set", "epoch=3", "q1", saying: "epoch"),
        Case("--set", "epochs=many", "q1", saying: "epochs"),
        Case("--set", "epochs", "q1", saying: "epochs"),
        Case("--set", "hidden=[1e99]", "q2", saying: "hidden"),
        Case("--config", "/nonexistent/q1.json5", "q1", saying: "/nonexistent/q1.json5"),
        Case("--data", "/nonexistent", "q1", status: 3, saying: "/nonexistent"),
        Case("--report", "/nonexistent/report.json", "q1", saying: "/nonexistent/report.json"),
        Case("--parameters", "/nonexistent/parameters", "q1", saying: "/nonexistent/parameters"),
        Case("--listen", "tcp://127.0.0.1:*", "q1", saying: "keys"),
        Case("--listen", "127.0.0.1:1", "--insecure", "q1", saying: "endpoint"),
        Case("--listen", "tcp://127.0.0.1:99999", "--insecure", "q1", saying: "port"),
        Case("--listen", "tcp://127.0.0.1:*", "--token-file", "/nonexistent/token", "q1", saying: "/nonexistent/token"),
        Case("--launcher", "none", "q1", saying: "--listen"),
        Case("--set", "learningRate=1000", "--set", "epochs=500", "linear", status: 5, saying: "diverged"),
    ]) func `One line and the right exit code`(_ bad: Case) throws {
        let coordinator = try Coordinator()
        let program = try coordinator.start(bad.arguments)
        let result = try program.finish(within: .seconds(30))
        expectFailure(result, bad.status, saying: bad.text)
        #expect(result.output.isEmpty)
        #expect(nothingIsLeft(of: program))
    }

    @Test(arguments: ["{ epoch: 3 }", "{ epochs: 'x' }", "{ epochs: 3", "[]", "", "\u{0}"])
    func `A bad configuration file is named`(_ text: String) throws {
        let coordinator = try Coordinator()
        try coordinator.scratch.write(Array(text.utf8), to: "bad.json5")
        let result = try coordinator.run(["--config", coordinator.scratch.file("bad.json5"), "q1"])
        expectFailure(result, 2, saying: "bad.json5")
    }

    @Test func `A missed threshold is 1, and no error`() throws {
        let result = try Coordinator().run(["--set", "epochs=1", "linear"])
        #expect(result.status == 1)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("linear: missed"))
    }

    @Test func `A port in use is 4`() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) + listen(descriptor, 1) + getsockname(descriptor, $0, &size)
            }
        }
        try #require(status == 0)
        let endpoint = "tcp://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        let result = try Coordinator().run(["--listen", endpoint, "--insecure", "q1"])
        expectFailure(result, 4, saying: endpoint)
    }

    /// Nobody reads the results, as behind `| head -0`.
    @Test func `Closed standard output neither hangs nor crashes`() throws {
        let scratch = try Scratch()
        let program = Program.folder.appendingPathComponent("coordinator").path
        let script =
            "('\(program)' --quiet --data '\(scratch.data)' linear q1; echo $? > '\(scratch.file("status"))') | true"
        let shell = try RunningProgram(
            executable: URL(fileURLWithPath: "/bin/sh"), ["-c", script], environment: scratch.environment, in: nil)
        #expect(try shell.finish(within: .seconds(30)).errors.isEmpty)
        #expect(shell.wait(within: .seconds(30)) { FileManager.default.fileExists(atPath: scratch.file("status")) })
        #expect(try String(contentsOfFile: scratch.file("status"), encoding: .utf8) == "0\n")
    }

    /// Whether no worker of a coordinator that has ended is left.
    private func nothingIsLeft(of program: RunningProgram) -> Bool {
        areGone(ProcessTable.processes(containing: "--parent \(program.processIdentifier) "))
    }
}
