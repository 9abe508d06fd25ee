import Diagnostics
import FoundationEssentials
import Glibc
import Observing
import Testing

@testable import Commands

/// A result with everything in it.
func someResult(
    _ name: String = "q3", passed: Bool = true, metric: QuestionReport.Metric = .accuracy, test: Double? = 0.9792,
    synthetic: Bool = false
) -> QuestionReport {
    QuestionReport(
        question: name, passed: passed, points: passed ? 5 : 0, possiblePoints: 5, metric: metric,
        threshold: metric == .loss ? 0.02 : 0.97, validation: 0.98, test: test, unseen: nil, trainLoss: 0.05,
        checks: [.init(name: "both gradients exist", passed: true)], epochs: 5, steps: 2345, seconds: 3.21,
        secondsToThreshold: nil, samplesPerSecond: 93_457.9, workers: 2, shards: 4, batchSize: 128,
        parameterCount: 203_530, parametersSHA256: "0123456789abcdef0123456789abcdef",
        data: .init(source: "mnist.npz", sha256: "ab", synthetic: synthetic),
        time: .init(compute: 1, exchange: 2, wait: 3, reduce: .nan), faults: .init(workersLost: 1))
}

@Suite struct ReportTests {
    @Test func whatIsWrittenIsReadAgain() throws {
        let report = Report(seed: UInt64(Int.max), seconds: 12.5, questions: [someResult(), someResult("q1")])
        #expect(report.points == 10 && report.possiblePoints == 10)
        #expect(try Report(json: report.json(), file: "r") == report)
        #expect(try report.json() == report.json())
    }

    @Test func everyKeyIsThereAndWhatIsNotFiniteIsNull() throws {
        var result = someResult()
        result.validation = .nan
        result.test = .infinity
        let report = Report(seed: 0, seconds: -.infinity, questions: [result])
        let text = String(decoding: try report.json(), as: UTF8.self)
        for key in ["seconds", "validation", "test", "unseen", "secondsToThreshold", "reduce"] {
            #expect(text.contains("\"\(key)\" : null"), "\(key)")
        }
        for key in [
            "schema", "version", "seed", "points", "possiblePoints", "question", "passed", "metric", "threshold",
            "trainLoss", "checks", "name", "epochs", "steps", "samplesPerSecond", "workers", "shards", "batchSize",
            "parameterCount", "parametersSHA256", "source", "sha256", "synthetic", "compute", "exchange", "wait",
            "workersLost", "shardsReissued", "staleAnswers", "skippedSteps",
        ] {
            #expect(text.contains("\"\(key)\" : ") && !text.contains("\"\(key)\" : null"), "\(key)")
        }
    }

    @Test(arguments: ["", "{}", "[]", "{\"schema\": 2}", "\u{0}"])
    func whatIsNoReportIsRefused(text: String) throws {
        let failure = try #require(throws: Failure.self) { try Report(json: Array(text.utf8), file: "r.json") }
        #expect(failure.category == .data)
        #expect(failure.place == "r.json")
    }

    @Test func aResultIsALine() {
        #expect(
            someResult().line
                == "q3: passed, test accuracy 97.92 % (at least 97.00 %), 1 of 1 checks, 3.21 s, 93,458 samples/s, "
                + "2 workers, parameters 0123456789ab")
        var missed = someResult("q2", passed: false, metric: .loss, test: .nan, synthetic: true)
        missed.checks[0].passed = false
        missed.workers = 1
        #expect(
            missed.line
                == "q2: missed, loss - (at most 0.0200), failed: both gradients exist, 3.21 s, 93,458 samples/s, "
                + "1 worker, parameters 0123456789ab, synthetic data")
    }

    @Test func theGradesAreATable() {
        var checked = someResult("q6", metric: .checks, test: nil)
        checked.points = 2
        checked.possiblePoints = 2
        let report = Report(
            seed: 0, seconds: 1,
            questions: [
                someResult("q2", passed: false, metric: .loss, test: 0.03), someResult(synthetic: true), checked,
            ])
        #expect(
            GradesTable.text(report) == """
                Provisional grades
                ==================
                question            score      needed  points
                q2        missed   0.0300    ≤ 0.0200     0/5
                q3        passed  97.92 %   ≥ 97.00 %     5/5  synthetic data
                q6        passed   1 of 1  all checks     2/2
                total                                    7/12

                """)
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (-0.005, 2, "-0.01"), (1.005e3, 1, "1005.0"), (0.99996, 4, "1.0000"), (7, 0, "7"),
        (.nan, 2, "-"), (1e300, 2, "-"), (-12.345, 1, "-12.3"),
    ])
    func decimalsAreRounded(value: Double, places: Int, text: String) {
        #expect(Decimals.text(value, places: places) == text)
    }

    @Test(arguments: [(0.0, "0"), (999, "999"), (1000, "1,000"), (1_234_567.8, "1,234,568"), (-1000, "-1,000")])
    func thousandsAreGrouped(value: Double, text: String) {
        #expect(Decimals.grouped(value) == text)
    }
}
