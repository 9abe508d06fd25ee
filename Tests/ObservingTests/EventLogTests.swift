import Diagnostics
import Foundation
import Questions
import Testing
import Training

@testable import Observing

@Suite struct EventLogTests {
    private let run = RunSample()
    private let description = RunDescription(version: "1.2", seed: 7, questions: [("q3", "{}")])

    private func log(_ path: String, warn: @escaping (String) -> Void = { _ in }) throws -> EventLog {
        try EventLog(path, run: description, at: run.moment(0), warn: warn)
    }

    @Test func everyEventIsALineButForPieces() throws {
        let folder = try TestFolder()
        let log = try log(folder.file("log"))
        let events: [TrainingEvent] = [
            run.started(), .workerJoined(id: 1, host: "a", pid: 7),
            run.piece(1, round: 1, from: 0, to: 1, computing: 1), run.step(1, loss: .nan), run.evaluated(0.5),
            .pictured([.text("x"), .digits([])]), .workerLost(id: 1, reason: "\u{1}\"\\\n\u{7F}é"), .note("n"),
            .warning("w"), .finished,
            .graded(
                TrainingEvent.Grade(
                    question: "q3", passed: true, points: 5, possiblePoints: 5, metric: .accuracy, threshold: 0.97,
                    validation: 0.98, test: .infinity, seconds: 2.5, parametersSHA256: "ab")),
        ]
        for event in events { log.observe(event, at: run.moment(1.25)) }
        try log.finish(at: run.moment(2), failure: "gone")
        let lines = try jsonLines(folder.content("log"))
        #expect(
            lines.compactMap { $0["event"] as? String } == [
                "run", "started", "workerJoined", "stepCompleted", "evaluated", "pictured", "workerLost", "note",
                "warning", "finished", "graded", "ended",
            ])
        try #require(lines.count == 12)
        let moment = run.moment(1.25)
        for line in lines.dropFirst().dropLast() {
            #expect(abs(try #require(line["seconds"] as? Double) - moment.seconds) < 1e-6)
            #expect(abs(try #require(line["time"] as? Double) - moment.unixTime) < 1e-5)
        }
        #expect(lines[0]["seed"] as? Int == 7 && lines[0]["questions"] as? [String] == ["q3"])
        #expect(lines[1]["parameterCount"] as? Int == 203_530 && lines[1]["isSynthetic"] as? Bool == false)
        #expect(lines[3]["loss"] is NSNull && lines[3]["step"] as? Int == 1 && lines[3]["totalSteps"] as? Int == 100)
        #expect(lines[4]["split"] as? String == "validation" && lines[4]["value"] as? Double == 0.5)
        #expect(lines[5]["pictures"] as? [String] == ["text", "digits"])
        #expect(lines[6]["reason"] as? String == "\u{1}\"\\\n\u{7F}é")
        #expect(lines[10]["test"] is NSNull && lines[10]["elapsed"] as? Double == 2.5)
        #expect(lines[11]["failed"] as? Bool == true && lines[11]["reason"] as? String == "gone")
    }

    /// `tail -f` sees it, though nothing more happens.
    @Test func whatHappensIsSoonInTheFile() throws {
        let folder = try TestFolder()
        let log = try log(folder.file("log"))
        log.observe(run.step(1), at: run.moment(1))
        let end = ContinuousClock.now + .seconds(30)
        while folder.content("log").count < 100, ContinuousClock.now < end { usleep(10_000) }
        #expect(try jsonLines(folder.content("log")).count == 2)
        try log.finish(at: run.moment(2), failure: nil)
    }

    @Test func aLongLogIsComplete() throws {
        let folder = try TestFolder()
        let log = try log(folder.file("log"))
        for step in 1...20_000 { log.observe(run.step(step), at: run.moment(Double(step) / 1000)) }
        try log.finish(at: run.moment(20), failure: nil)
        let lines = try jsonLines(folder.content("log"))
        #expect(lines.compactMap { $0["step"] as? Int } == Array(1...20_000))
    }

    @Test func aFileThatExistsIsEmptied() throws {
        let folder = try TestFolder()
        try Data(repeating: 120, count: 10_000).write(to: URL(fileURLWithPath: folder.file("log")))
        try log(folder.file("log")).finish(at: run.moment(1), failure: nil)
        #expect(try jsonLines(folder.content("log")).count == 2)
    }

    @Test(arguments: ["/nonexistent/log", "/tmp", ""])
    func aFileThatCannotBeWrittenIsFoundOutAtOnce(path: String) throws {
        let failure = try #require(throws: Failure.self) { try log(path) }
        #expect(failure.category == .data && failure.what == "cannot write log")
    }

    @Test func aFullDiskIsToldOnceAndStopsNothing() throws {
        var warnings: [String] = []
        let log = try log("/dev/full") { warnings.append($0) }
        let end = ContinuousClock.now + .seconds(30)
        while warnings.isEmpty, ContinuousClock.now < end {
            log.observe(run.step(1), at: run.moment(1))
            usleep(10_000)
        }
        for _ in 0..<10 { log.observe(run.step(2), at: run.moment(2)) }
        #expect(warnings.count == 1 && warnings.first?.contains("/dev/full: no space left on device") == true)
        let failure = try #require(throws: Failure.self) { try log.finish(at: run.moment(3), failure: nil) }
        #expect(failure.category == .data)
    }

    /// A pipe that nobody empties costs neither time nor memory without end.
    @Test func aReaderThatDoesNotReadStopsNothing() throws {
        let folder = try TestFolder()
        // As the programs do: when the reader goes, that is an error of the write.
        signal(SIGPIPE, SIG_IGN)
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        let reader = open(folder.file("pipe"), O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let file = try BackgroundFile(folder.file("pipe"), for: "log")
        let bytes = [UInt8](repeating: 120, count: 1 << 20)
        for _ in 0..<40 { file.append(bytes) }
        let failure = try #require(file.newFailure())
        #expect(failure.category == .data && failure.cause == "it is not taken fast enough")
        #expect(throws: Failure.self) { try file.finish(within: .milliseconds(100)) }
    }
}
