import Diagnostics
import Foundation
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(5))) struct DependencyCheckTests {
    @Test(arguments: ["4.1.9", "3.9.9", "0.0", ""]) func anOldZeroMQIsAFailure(version: String) throws {
        let failure = try #require(throws: Failure.self) { try DependencyCheck.zeroMQ(version) }
        #expect(failure.category == .workers && failure.remedy?.contains("4.2.0") == true)
    }

    @Test(arguments: ["4.2.0", "4.3.4", "4.10.0", "5.0.0"]) func aNewZeroMQIsFine(version: String) throws {
        #expect(try DependencyCheck.zeroMQ(version) == .ok(version))
    }

    @Test func withoutEncryptionItIsAFailure() throws {
        let failure = try #require(throws: Failure.self) { try DependencyCheck.curve(false) }
        #expect(failure.category == .workers && failure.remedy != nil)
        #expect(try DependencyCheck.curve(true) != .ok(""))
    }

    @Test func littleMemoryIsAFailure() throws {
        #expect(try DependencyCheck.memory(3 << 30) == .ok("3.0 GiB free"))
        #expect(try DependencyCheck.memory(nil) == .ok("unknown"))
        let failure = try #require(throws: Failure.self) { try DependencyCheck.memory(511 << 20) }
        #expect(failure.category == .workers && failure.what == "0.5 GiB free")
    }

    private func entry(_ name: String, _ look: @escaping () throws -> DependencyCheck.Finding) throws
        -> DependencyReport.Entry
    {
        try DependencyReport.Entry(DependencyCheck(name: name, look: look))
    }

    @Test func linesSayStateNameValueAndRemedy() throws {
        #expect(try entry("a") { .ok("1.0") }.line(nameWidth: 3) == "ok       a    1.0\n")
        #expect(
            try entry("abc") { .missing("no file", remedy: "fetch it") }.line(nameWidth: 3)
                == "missing  abc  no file; fetch it\n")
        let failed = try entry("b") { throw Failure(.data, "cannot read", at: "f", because: "torn", remedy: "mend it") }
        #expect(failed.line(nameWidth: 3) == "failed   b    cannot read: f: torn; mend it\n")
        #expect(failed.exitCode == 3)
    }

    @Test func theFirstFailureIsTheExitCode() throws {
        var report = DependencyReport()
        report.entries = [try entry("a") { .ok("") }, try entry("b") { .missing("", remedy: "") }]
        #expect(report.exitCode == 0 && report.verdict == "all that is needed is there\n")
        report.entries.append(try entry("c") { throw Failure(.workers, "x") })
        report.entries.append(try entry("d") { throw Failure(.data, "y") })
        #expect(report.exitCode == 4 && report.verdict == "not as it must be: c, d\n")
    }

    @Test(arguments: [
        ("/nonexistent/coordinator", "cannot start a process"), ("/bin/false", "it ended with exit code 1"),
    ]) func aWorkerThatDoesNotStartIsAFailure(executable: String, text: String) throws {
        let failure = try #require(throws: Failure.self) { try DependencyCheck.connect(executable) }
        #expect(failure.category == .workers)
        #expect(failure.description.contains(text), "\(failure)")
    }

    @Test(arguments: [
        ("exec sleep 600", "it did not come in 0.25 s"), ("echo no luck >&2; exit 7", "exit code 7: no luck"),
        ("kill -9 $$", "signal 9"),
    ]) func aWorkerThatDoesNotConnectIsAFailure(script: String, text: String) throws {
        let scratch = try TestFolder()
        try scratch.write("#!/bin/sh\n\(script)\n", to: "worker")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/worker")
        let failure = try #require(throws: Failure.self) {
            try DependencyCheck.connect(scratch.path + "/worker", within: .milliseconds(250))
        }
        #expect(failure.description.contains(text), "\(failure)")
        #expect(failure.remedy?.contains("127.0.0.1") == true)
    }
}
