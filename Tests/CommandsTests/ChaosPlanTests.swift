import Diagnostics
import Testing

@testable import Commands

/// What `--chaos` says, read and refused.
@Suite struct ChaosPlanTests {
    @Test func readsEveryKind() throws {
        let plan = try ChaosPlan("kill=5,stop=3,slow=1.5s,drop=1%,seed=7")
        #expect(plan.frequencies == [.kill: .times(5), .stop: .times(3), .slow: .every(.seconds(1.5))])
        #expect(plan.lossRate == 0.01)
        #expect(plan.seed == 7)
        #expect(try ChaosPlan("kill=200ms").frequencies == [.kill: .every(.seconds(0.2))])
        #expect(try ChaosPlan("drop=0.25").lossRate == 0.25)
    }

    @Test(arguments: [
        ("", "known are"), ("kill", "known are"), ("kil=5", "did you mean 'kill'?"), ("kill=5,", "known are"),
        ("kill=5,kill=6", "twice"), ("kill=-1", "how often"), ("kill=5m", "how often"), ("kill=0ms", "how often"),
        ("kill=nanms", "how often"), ("kill=1e99s", "how often"), ("stop=", "how often"), ("drop=60%", "percentage"),
        ("drop=-1%", "percentage"), ("drop=x", "percentage"), ("drop=nan", "percentage"), ("seed=x", "whole number"),
        ("seed=-1", "whole number"),
    ])
    func refusesWhatItIsNot(text: String, part: String) throws {
        let failure = try #require(throws: Failure.self) { try ChaosPlan(text) }
        #expect(failure.category == .usage)
        #expect(failure.description.contains("--chaos") && failure.description.contains(part), "\(failure)")
    }

    @Test func chaosShortensTheLeaseUnlessOneIsNamed() throws {
        func parse(_ arguments: [String]) throws -> CoordinatorOptions {
            try CoordinatorOptions.parse(arguments + ["q3"], environment: [:], questions: someQuestions)
        }
        #expect(try parse([]).lease == 10)
        #expect(try parse(["--chaos", "kill=1"]).lease == 1)
        #expect(try parse(["--chaos", "kill=1", "--lease", "3"]).lease == 3)
        let none = ["--launcher", "none", "--listen", "e", "--chaos"]
        #expect(try parse(none + ["drop=1%"]).chaos?.lossRate == 0.01)
        #expect(throws: Failure.self) { try parse(none + ["kill=1"]) }
    }

    @Test func verifyNeedsSomethingToCompare() throws {
        func parse(_ arguments: [String]) throws -> VerifyOptions {
            try VerifyOptions.parse(arguments + ["q3"], environment: [:], questions: someQuestions)
        }
        #expect(try parse([]).workers == [1, 2, 3, 4])
        #expect(try parse(["--workers", "4", "--chaos", "kill=1"]).run.chaos?.frequencies == [.kill: .times(1)])
        #expect(throws: Failure.self) { try parse(["--workers", "4"]) }
        #expect(throws: Failure.self) { try parse(["--checkpoint", "d"]) }
    }
}
