import Diagnostics
import Exchange
import FoundationEssentials
import Testing

@testable import Commands

/// What other programs answer is not believed, and compared with care.
@Suite struct PeersTests {
    private static let good = #"{"program":"X 1","losses":[2,1.5],"millisecondsPerStep":0.5,"peakBytes":7}"#

    @Test func anAnswerIsRead() throws {
        let answer = try PeerAnswer(json: Array(Self.good.utf8), steps: 2, peer: "x")
        #expect(answer.program == "X 1" && answer.losses == [2, 1.5])
        #expect(answer.millisecondsPerStep == 0.5 && answer.peakBytes == 7)
    }

    @Test(
        "a wrong answer is one line",
        arguments: [
            ("", "empty"), ("{", "not the JSON"), ("[]", "not the JSON"), ("null", "not the JSON"),
            (good.replacing("[2,1.5]", with: "[2]"), "1 losses for 2 steps"),
            (good.replacing("1.5", with: "\"a\\n\""), "not the JSON"),
            (good.replacing("1.5", with: "1e999"), "not the JSON"),
            (good.replacing("0.5", with: "0"), "0.0 ms makes no sense"),
            (good.replacing("0.5", with: "-1"), "makes no sense"),
            (good.replacing(":7", with: ":-7"), "-7 bytes"),
            (good.replacing(":7", with: ":1e40"), "not the JSON"),
            (good.replacing("X 1", with: "\u{1}"), "not the JSON"),
        ])
    func wrongAnswers(json: String, cause: String) throws {
        let failure = try #require(throws: Failure.self) {
            try PeerAnswer(json: Array(json.utf8), steps: 2, peer: "JAX")
        }
        #expect(failure.category == .data && failure.place == "JAX")
        #expect(failure.cause?.contains(cause) == true, "\(failure)")
        #expect(!failure.description.contains("\n"))
    }

    @Test func aProgramsNameIsOneShortLine() throws {
        let json = Self.good.replacing("X 1", with: "a\\nb" + String(repeating: "c", count: 100))
        let answer = try PeerAnswer(json: Array(json.utf8), steps: 2, peer: "x")
        #expect(answer.program.hasPrefix("a bccc") && answer.program.count == 60)
    }

    @Test func roundingIsNoDisagreement() {
        let ours = (0..<100).map { 2 / Double($0 + 1) }
        #expect(PeerAgreement.difference(ours, ours.map { $0 * 1.0005 }) == nil)
        // Late losses may be far off, as long as the mean is not.
        var late = ours
        late[60] *= 2
        #expect(PeerAgreement.difference(ours, late) == nil)
    }

    @Test(arguments: [0, 7, 19]) func anEarlyLossThatIsOffIsNamed(step: Int) throws {
        let ours = [Double](repeating: 2, count: 30)
        var theirs = ours
        theirs[step] = 2.01
        let line = try #require(PeerAgreement.difference(ours, theirs))
        #expect(line == "at step \(step + 1) it is 2.00000 and 2.01000")
        theirs[step] = .nan
        #expect(PeerAgreement.difference(ours, theirs) != nil)
    }

    @Test func aMeanThatIsOffIsNamed() throws {
        let ours = [Double](repeating: 1, count: 100)
        let theirs = [Double](repeating: 1, count: 20) + [Double](repeating: 1.2, count: 80)
        #expect(try #require(PeerAgreement.difference(ours, theirs)).hasPrefix("over 100 steps its mean is 1.00000"))
    }

    private func comparison(_ times: [(String, Bool, [Double])]) -> PeersReport.Comparison {
        PeersReport.Comparison(
            recipe: "q3", title: "a network", unit: "ms a step", steps: 10, batchSize: 4, data: "made",
            times.map { name, isOurs, times in (name, isOurs, times.map { ("P 1", $0, 3_000_000) }) })
    }

    @Test func theReportSaysWhereWeLose() throws {
        let report = PeersReport(
            seed: 0, cores: 2, rounds: 3,
            comparisons: [
                comparison([
                    ("Lockstep, 1 worker", true, [3, 3, 9]), ("Lockstep, 2 workers", true, [2, 2, 1]),
                    ("PyTorch, 1 thread", false, [6]), ("PyTorch, 2 threads", false, [2]), ("JAX", false, [1]),
                ])
            ])
        #expect(
            report.text(report.comparisons[0]) == """
                q3, a network: 10 steps, medians of 3 interleaved rounds, 2 cores, seed 0, made

                program              ms a step  fastest  slowest  times ours  peak MB
                Lockstep, 1 worker        3.00     3.00     9.00        1.50        3
                Lockstep, 2 workers       2.00     1.00     2.00        1.00        3
                PyTorch, 1 thread         6.00     6.00     6.00        3.00        3
                PyTorch, 2 threads        2.00     2.00     2.00        1.00        3
                JAX                       1.00     1.00     1.00        0.50        3

                P 1
                Lockstep, 2 workers is faster than PyTorch, 1 thread (3.00×)
                Lockstep, 2 workers is as fast as PyTorch, 2 threads (1.00×)
                Lockstep, 2 workers loses to JAX (0.50×)
                Lockstep, 1 worker beside PyTorch, 1 thread: 2.00×
                Lockstep, 2 workers beside 1: 1.50×

                """)
        #expect(try JSONDecoder().decode(PeersReport.self, from: Data(report.json())) == report)
    }

    @Test func aMissedScoreIsNamed() {
        let scores = ["q1": 1, "q2": 0.02, "q3": 0.98, "q4": 0.9, "q5": 1, "q6": 1]
        #expect(PeerContest.Grades.missed(scores) == nil)
        for (question, score) in [("q2", 0.021), ("q3", 0.979), ("q4", .nan)] {
            var worse = scores
            worse[question] = score
            #expect(PeerContest.Grades.missed(worse)?.contains(" of \(question) is ") == true)
        }
        #expect(PeerContest.Grades.missed([:])?.contains("q1") == true)
    }

    @Test(
        arguments: [
            ("Name:\tx\nVmHWM:\t  12 kB\nVmRSS:\t 3 kB\n", 12288), ("VmHWM: 1 MB\n", nil), ("VmHWM: x kB\n", nil),
            ("", nil),
            ("VmHWM: 9223372036854775807 kB\n", nil),
        ] as [(String, Int?)])
    func thePeakOfAProcessIsReadFromItsStatus(status: String, bytes: Int?) {
        #expect(ProcessMemory.peak(ofStatus: Data(status.utf8)) == bytes)
    }

    @Test func thePeakOfThisProcessIsKnown() throws {
        #expect(try #require(ProcessMemory.peak(of: [])) > 1 << 20)
        #expect(ProcessMemory.peak(of: [Int32.max]) == nil)
    }
}

/// Programs that are run to their end.
@Suite struct PeerProcessTests {
    private final class Pending: InterruptionSource {
        let signal: Int32?

        init(_ signal: Int32?) { self.signal = signal }

        var descriptors: [Int32] { [] }

        func pending() -> Int32? { signal }
    }

    private func run(_ script: String, signal: Int32? = nil, within limit: Duration = .seconds(60)) throws -> Double {
        try PeerProcess.Runner(interruption: Pending(signal)).run("/bin/sh", ["-c", script], within: limit)
    }

    @Test func aProgramIsTimed() throws {
        #expect(try run("sleep 0.05") >= 0.05)
    }

    @Test func aFailureHasTheLastWords() throws {
        let failure = try #require(throws: Failure.self) { try run("echo first >&2; echo last >&2; exit 7") }
        #expect(failure.category == .workers && failure.cause == "exit code 7: last")
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        let failure = try #require(throws: Failure.self) {
            try PeerProcess.Runner(interruption: Pending(nil)).run("no-such-program", [], within: .seconds(60))
        }
        #expect(failure.category == .workers && failure.description.contains("no-such-program"))
    }

    @Test func aProgramThatHangsIsEnded() throws {
        let failure = try #require(throws: Failure.self) { try run("exec sleep 100", within: .milliseconds(100)) }
        #expect(failure.what == "a program takes too long")
    }

    @Test func aSignalEndsAProgram() throws {
        let interrupted = try #require(throws: Interrupted.self) { try run("exec sleep 100", signal: 15) }
        #expect(interrupted.exitCode == 143)
    }
}
