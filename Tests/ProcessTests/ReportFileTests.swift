import Foundation
import Testing

/// The report of real runs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ReportFileTests {
    @Test func `A report has every field, of its type`() throws {
        let coordinator = try Coordinator()
        let result = try coordinator.run(["--report", coordinator.scratch.file("report.json"), "linear", "q1", "q6"])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let (whole, questions) = try coordinator.report("report.json")
        #expect(Set(whole.keys) == ["schema", "version", "seed", "seconds", "points", "possiblePoints", "questions"])
        #expect(whole["schema"] as? Int == 1)
        #expect(whole["version"] is String)
        for key in ["seed", "seconds"] { #expect(whole[key] is NSNumber, "\(key)") }
        #expect(whole["points"] as? Int == 7 && whole["possiblePoints"] as? Int == 7)
        #expect(questions.compactMap { $0["question"] as? String } == ["linear", "q1", "q6"])
        for question in questions { try check(question) }
        #expect(questions.map { $0["metric"] as? String } == ["loss", "accuracy", "checks"])
        #expect(result.output.contains("linear: passed"))
    }

    private func check(_ question: [String: Any]) throws {
        let integers = [
            "points", "possiblePoints", "steps", "workers", "shards", "batchSize", "parameterCount",
        ]
        let numbers = [
            "threshold", "validation", "test", "unseen", "trainLoss", "epochs", "seconds", "secondsToThreshold",
            "samplesPerSecond",
        ]
        let others = ["question", "passed", "metric", "checks", "parametersSHA256", "data", "time", "faults"]
        #expect(Set(question.keys) == Set(integers + numbers + others))
        for key in integers { #expect(question[key] is Int, "\(key)") }
        for key in numbers { #expect(question[key] is NSNumber || question[key] is NSNull, "\(key)") }
        #expect(question["passed"] as? Bool == true)
        #expect((question["parametersSHA256"] as? String)?.count == 64)
        let checks = try #require(question["checks"] as? [[String: Any]])
        #expect(checks.allSatisfy { $0["name"] is String && $0["passed"] as? Bool == true })
        let data = try #require(question["data"] as? [String: Any])
        #expect(data["source"] is String && data["sha256"] is String && data["synthetic"] is Bool)
        let time = try #require(question["time"] as? [String: Any])
        #expect(Set(time.keys) == ["compute", "exchange", "wait", "reduce"])
        #expect(time.values.allSatisfy { $0 is NSNumber })
        let faults = try #require(question["faults"] as? [String: Any])
        #expect(Set(faults.keys) == ["workersLost", "shardsReissued", "staleAnswers", "skippedSteps"])
        #expect(faults.values.allSatisfy { $0 as? Int == 0 })
    }
}
