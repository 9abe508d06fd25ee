import Testing

@testable import Commands

/// What verify says of equal and of different results.
@Suite struct VerifyReportTests {
    private func report(_ digests: [String]) throws -> VerifyReport {
        var report = VerifyReport(
            try VerifyOptions.parse(["q3"], environment: [:], questions: someQuestions))
        report.processorFeatures = ["avx2"]
        report.questions = [
            VerifyReport.Question(
                question: "q3",
                runs: digests.enumerated().map { index, digest in
                    VerifyReport.Run(
                        workers: index + 1, isDisturbed: index > 1, seconds: 1.5,
                        faults: QuestionReport.FaultReport(workersLost: index), parametersSHA256: digest)
                })
        ]
        return report
    }

    @Test func equalResultsAreEqual() throws {
        let report = try report(["ab", "ab", "ab"])
        #expect(report.isEqual)
        #expect(report.verdict.hasPrefix("equal: "))
        #expect(report.verdict.contains("avx2"))
        #expect(report.questions[0].text.contains("3 workers, disturbed"))
    }

    @Test func oneDifferenceIsNamed() throws {
        let report = try report(["ab", "ab", "ac"])
        #expect(!report.isEqual)
        #expect(report.verdict.hasPrefix("not equal: the parameters of q3 differ"))
    }
}
