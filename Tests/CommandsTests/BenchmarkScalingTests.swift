import Diagnostics
import Exchange
import FoundationEssentials
import Questions
import Testing
import Training

@testable import Commands

/// No signal, or one that is pending from the start.
private final class Signal: InterruptionSource {
    private let number: Int32?

    init(_ number: Int32? = nil) { self.number = number }

    var descriptors: [Int32] { [] }

    func pending() -> Int32? { number }
}

/// The first steps of a small run.
private func subject(_ small: SmallRun, steps: Int) throws -> BenchmarkSubject {
    let (question, data) = try small.make()
    return BenchmarkSubject(
        question: question, configuration: Configuration(), data: data, folder: try withEmptyFolder { $0 }, seed: 0,
        steps: steps)
}

/// A sample whose parts are half of the step, a quarter, an eighth and a tenth.
private func sample(_ step: Double, digest: String = "abcdefabcdef01") -> BenchmarkSample {
    BenchmarkSample(
        step: step, examples: 10,
        parts: .init(compute: step / 2, exchange: step / 4, wait: step / 8, reduce: step / 10),
        parametersSHA256: digest)
}

/// A report of one process, 1 and 2 workers.
func scalingReport() throws -> BenchmarkReport {
    let subject = try subject(.sine, steps: 12)
    guard case .gradientDescent(let recipe) = subject.question.method else { preconditionFailure("no recipe") }
    var baseline = [sample(0.008), sample(0.1), sample(0.006)]
    for index in baseline.indices { baseline[index].parts = nil }
    return BenchmarkReport(
        subject, recipe, cores: 2, rounds: 3,
        [(0, baseline), (1, [sample(0.016)]), (2, [sample(0.004), sample(0.006), sample(0.005)])])
}

@Suite struct BenchmarkScalingTests {
    @Test(arguments: [1, 3], [1, 2, 7, 12])
    func aLimitedSessionMakesItsStepsAndNothingElse(workers: Int, steps: Int) throws {
        let (question, data) = try SmallRun.text.make()
        let session = try Session(question, data: data, seed: 0, workersNeeded: workers, stepLimit: steps)
        var events: [TrainingEvent] = []
        try LocalTrainer(session, workers: workers, seed: 0).train { event in
            events.append(event)
            return true
        }
        #expect(session.outcome.steps == steps && session.outcome.scores.isEmpty)
        #expect(events.count == steps)
        let whole = try Session(question, data: data, seed: 0)
        try LocalTrainer(whole, seed: 0).train { event in
            if case .stepCompleted(let step, _, _, _, _) = event { step < steps } else { true }
        }
        #expect(session.parameters.values.sha256 == whole.parameters.values.sha256)
    }

    @Test func aSessionWaitsForTheWorkersItNeeds() throws {
        let (question, data) = try SmallRun.sine.make()
        let session = try Session(question, data: data, seed: 0, workersNeeded: 2, stepLimit: 1)
        #expect(try session.handle(.workerReady(WorkerID(1))).isEmpty)
        let workers = try session.handle(.workerReady(WorkerID(2))).compactMap { action -> Int? in
            if case .assign(let worker, _) = action { worker.number } else { nil }
        }
        #expect(Set(workers) == [1, 2])
    }

    @Test(arguments: [(2, 1), (12, 1), (9, 1)])
    func theBaselineCountsTheStepsBehindTheWarmUp(steps: Int, warmUp: Int) throws {
        let subject = try subject(.text, steps: steps)
        #expect(subject.warmUpSteps == warmUp && subject.countedSteps == steps - warmUp)
        let sample = try subject.measureBaseline(interruption: Signal())
        #expect(sample.step > 0 && sample.examples == 9 && sample.parts == nil)
        #expect(sample.parametersSHA256.count == 64)
        #expect(sample.losses.count == steps && sample.losses.allSatisfy { $0 > 0 })
        #expect((sample.firstStep ?? 0) > 0 && (sample.peakBytes ?? 0) > 1 << 20)
        #expect(try subject.measureBaseline(interruption: Signal()).parametersSHA256 == sample.parametersSHA256)
    }

    @Test func aRecipeOfFewerStepsIsRefused() throws {
        let subject = try subject(.text, steps: 13)
        let failure = try #require(throws: Failure.self) { try subject.measureBaseline(interruption: Signal()) }
        #expect(failure.category == .usage && failure.place == "--steps 13")
    }

    @Test func aSignalEndsTheBaseline() throws {
        let subject = try subject(.text, steps: 12)
        let interrupted = try #require(throws: Interrupted.self) {
            try subject.measureBaseline(interruption: Signal(2))
        }
        #expect(interrupted.exitCode == 130)
    }

    @Test(arguments: [([], 0), ([3], 3), ([5, 1], 3), ([9, 1, 2], 2), ([4, 1, 2, 100], 3)] as [([Double], Double)])
    func theMedianIsInTheMiddle(values: [Double], median: Double) {
        #expect(values.median == median)
    }

    @Test func theReportIsATableOfMedians() throws {
        #expect(
            try scalingReport().text == """
                q2: 11 steps of batch size 50 in 4 shards, medians of 3 rounds, 2 cores, made

                run          ms a step  compute  exchange  wait  reduce  speed-up  efficiency  samples/s
                one process       8.00        -         -     -       -      1.00       100 %      1,250
                1 worker         16.00     8.00      4.00  2.00    1.60      0.50        50 %        625
                2 workers         5.00     2.50      1.25  0.63    0.50      1.60        80 %      2,000

                parameters abcdefabcdef after every run

                """)
    }

    @Test func furtherMeasurementsAreTables() throws {
        var report = try scalingReport()
        report.addWeak([(1, [sample(0.01)]), (2, [sample(0.02)])])
        report.trainings = [
            .init(workers: 2, seconds: 3.456, secondsToThreshold: nil, passed: false, parametersSHA256: "")
        ]
        report.verdict = "use 2: so it is"
        #expect(
            report.text.hasSuffix(
                """

                fixed batch a worker  batch  ms a step  efficiency  samples/s
                1 worker                 50      10.00        80 %      1,000
                2 workers               100      20.00        40 %        500

                training to the end  seconds  to the threshold
                2 workers               3.46                 -  missed

                use 2: so it is

                """))
    }

    @Test func theStepIsATableOfItsParts() throws {
        var report = try scalingReport()
        report.runs.removeFirst()
        report.runs[1].firstStep = 250.4
        report.runs[1].peakBytes = 1_234_567_890
        let plain = """
            q2: 11 steps of batch size 50 in 4 shards, medians of 3 rounds, 2 cores, made

            run        ms a step  compute  exchange  reduce  other   wait  first step ms  peak MB
            1 worker      16.000    8.000     4.000   1.600  2.400  2.000              0        -
            2 workers      5.000    2.500     1.250   0.500  0.750  0.625            250    1,235

            parameters abcdefabcdef after every run

            """
        #expect(report.stepText == plain)
        report.runs[0].allocations = 12
        #expect(report.stepText.contains("  allocations\n") && report.stepText.contains("        12.0\n"))
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let report = try scalingReport()
        let json = try report.json()
        #expect(try JSONDecoder().decode(BenchmarkReport.self, from: Data(json)) == report)
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains("\"schema\" : 1") && text.contains("\"workers\" : 0") && text.contains("\"wait\" : null"))
    }

    @Test func differentParametersAreNotReported() throws {
        #expect(BenchmarkReport.difference([(0, [sample(1), sample(2)]), (2, [sample(3)])]) == nil)
        let line = try #require(
            BenchmarkReport.difference([
                (0, [sample(1), sample(2)]), (2, [sample(3), sample(3, digest: "fedcba9876543210")]),
            ]))
        #expect(line.hasSuffix("abcdefabcdef with one process, 2 workers; fedcba987654 with 2 workers"))
    }
}
