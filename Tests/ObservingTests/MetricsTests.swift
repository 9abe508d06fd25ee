import Foundation
import Questions
import Testing
import Training

@testable import Observing

@Suite struct MetricsTests {
    private let run = RunSample()

    private func metrics(_ events: [(Double, TrainingEvent)]) -> Metrics {
        let metrics = Metrics(version: "1.2\"3", clock: run.clock)
        for (seconds, event) in events { metrics.observe(event, at: run.moment(seconds)) }
        return metrics
    }

    /// Two workers, one of them lost, two steps and a score.
    private var whole: Metrics {
        metrics([
            (0, .workerJoined(id: 1, host: "a", pid: 7)), (0, .workerJoined(id: 2, host: "b\\\n\"", pid: 8)),
            (0, run.started()),
            (1, run.piece(1, round: 1, from: 0.5, to: 1, computing: 0.25)),
            (1.5, run.piece(2, round: 1, from: 0.5, to: 1.5, computing: 0.5)), (2, run.step(1, loss: 2)),
            (3, run.piece(1, round: 2, from: 2, to: 3, computing: 1)), (3, run.step(2, loss: .nan)),
            (4, run.evaluated(0.96)), (4, run.evaluated(0.95, .test)), (4, .warning("full")),
            (5, .workerLost(id: 2, reason: "killed")), (5, .finished),
        ])
    }

    /// The value of a line without those that depend on the clock's resolution.
    private func read(_ name: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.flatMap {
            Double($0)
        }
    }

    @Test(arguments: [
        ("lockstep_info{version=\"1.2\\\"3\"}", 1.0), ("lockstep_steps_total{question=\"q3\"}", 2),
        ("lockstep_examples_total{question=\"q3\"}", 256), ("lockstep_epochs{question=\"q3\"}", 0.04),
        ("lockstep_threshold{question=\"q3\"}", 0.97), ("lockstep_warnings_total", 1), ("lockstep_workers", 1),
        ("lockstep_workers_joined_total", 2), ("lockstep_workers_lost_total", 1),
        ("lockstep_score{question=\"q3\",split=\"validation\",metric=\"accuracy\"}", 0.96),
        ("lockstep_score{question=\"q3\",split=\"test\",metric=\"accuracy\"}", 0.95),
        ("lockstep_worker_examples_total{worker=\"1\",host=\"a\"}", 128),
        ("lockstep_worker_seconds_total{worker=\"1\",host=\"a\",activity=\"compute\"}", 1.25),
        ("lockstep_worker_seconds_total{worker=\"1\",host=\"a\",activity=\"exchange\"}", 0.25),
        ("lockstep_worker_seconds_total{worker=\"1\",host=\"a\",activity=\"wait\"}", 1),
        ("lockstep_step_duration_seconds_bucket{question=\"q3\",le=\"0.5\"}", 0),
        ("lockstep_step_duration_seconds_bucket{question=\"q3\",le=\"2.5\"}", 2),
        ("lockstep_step_duration_seconds_bucket{question=\"q3\",le=\"+Inf\"}", 2),
        ("lockstep_step_duration_seconds_count{question=\"q3\"}", 2),
        ("lockstep_step_duration_seconds_sum{question=\"q3\"}", 2.5),
    ])
    func whatHappensIsCounted(name: String, expected: Double) throws {
        let value = try #require(read(name, in: whole.text()), "no \(name) in \(whole.text())")
        #expect(abs(value - expected) < 1e-6)
    }

    @Test func aNumberThatIsNotFiniteIsSaid() {
        #expect(whole.text().contains("lockstep_loss{question=\"q3\"} NaN\n"))
    }

    @Test func aWorkerThatIsLostHasNoSeriesAnyMore() {
        #expect(!whole.text().contains("worker=\"2\""))
    }

    /// A question that begins anew counts its rounds from 1 again.
    @Test func everyQuestionHasItsOwnSeries() throws {
        let text = metrics([
            (0, .workerJoined(id: 1, host: "a", pid: 7)), (0, run.started("q3")),
            (1, run.piece(1, round: 9, from: 0, to: 1, computing: 1)), (1, run.step(1)), (1, .finished),
            (1, run.started("q4")), (2, run.piece(1, round: 1, from: 1.5, to: 2, computing: 0.5)), (2, run.step(1)),
        ]).text()
        for question in ["q3", "q4"] {
            #expect(read("lockstep_step_duration_seconds_count{question=\"\(question)\"}", in: text) == 1)
        }
        #expect(read("lockstep_worker_seconds_total{worker=\"1\",host=\"a\",activity=\"wait\"}", in: text) == 0)
    }

    /// A worker that has two pieces at once does not compute for longer than it was busy.
    @Test func piecesThatWaitForOneAnotherAreNotCountedTwice() throws {
        let text = metrics([
            (0, .workerJoined(id: 1, host: "a", pid: 7)), (0, run.started()),
            (1, run.piece(1, round: 1, from: 0, to: 1, computing: 0.9)),
            (2, run.piece(1, round: 1, from: 0.1, to: 2, computing: 0.8)),
        ]).text()
        let seconds = ["compute", "exchange", "wait"].compactMap {
            read("lockstep_worker_seconds_total{worker=\"1\",host=\"a\",activity=\"\($0)\"}", in: text)
        }
        #expect(abs(seconds.reduce(0, +) - 2) < 1e-6 && seconds.last == 0, "\(seconds)")
    }

    /// Prometheus' own checker, which also knows the conventions for names.
    @Test(.enabled(if: Promtool.mayRun, "promtool is not there: run tools/setup test"), arguments: [false, true])
    func promtoolHasNothingToSay(isEmpty: Bool) throws {
        let answer = try Promtool.check(isEmpty ? metrics([]).text() : whole.text())
        #expect(answer.status == 0 && answer.output.isEmpty, "\(answer.output)")
        #expect(try Promtool.check("lockstep_x{ 1\n").status != 0, "it must find a mistake")
    }
}
