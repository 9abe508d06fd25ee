import Diagnostics
import Foundation
import Questions
import Testing
import Training

@testable import Observing

/// A complete event of a trace.
private struct Stretch {
    let name: String
    let thread: Int
    let start: Double
    let end: Double
    let arguments: [String: Any]
}

@Suite struct TraceTests {
    private let run = RunSample()

    /// A run of two workers, its trace read back.
    private func trace(
        steps: Int, bound: Int = 200_000, failure: String? = nil
    ) throws -> (metadata: [String: Any], events: [[String: Any]]) {
        var bytes: [UInt8] = []
        let description = RunDescription(version: "1.2", seed: 7, questions: [("q3", "{}")])
        let writer = TraceWriter(run: description, clock: run.clock, bound: bound) { bytes = $0 }
        func tell(_ seconds: Double, _ event: TrainingEvent) { writer.observe(event, at: run.moment(seconds)) }
        tell(0, .workerJoined(id: 1, host: "a\"b", pid: 71))
        tell(0, .workerJoined(id: 2, host: "b", pid: 72))
        tell(0, run.started())
        var time = 0.1
        var round = 0
        func work(_ kind: Work.Kind) {
            round += 1
            tell(time + 0.006, run.piece(1, kind, round: round, from: time, to: time + 0.006, computing: 0.004))
            tell(time + 0.008, run.piece(2, kind, round: round, from: time + 0.001, to: time + 0.008, computing: 0.1))
            // A second piece that was handed out while the first was under way.
            tell(time + 0.009, run.piece(1, kind, round: round, from: time + 0.002, to: time + 0.009, computing: 0.001))
        }
        for step in 1...steps {
            work(.gradient)
            tell(time + 0.01, run.step(step, loss: step == 1 ? .nan : 1 / Double(step)))
            time += 0.0101
            guard step % 10 == 0 else { continue }
            work(.evaluation)
            tell(time + 0.01, run.evaluated(0.5))
            time += 0.0101
        }
        tell(time, .workerLost(id: 2, reason: "killed"))
        tell(time, .finished)
        try writer.finish(at: run.moment(time), failure: failure)
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        return (
            try #require(whole["otherData"] as? [String: Any]), try #require(whole["traceEvents"] as? [[String: Any]])
        )
    }

    private func stretches(_ events: [[String: Any]]) throws -> [Stretch] {
        try events.filter { $0["ph"] as? String == "X" }.map { event in
            let start = try #require(event["ts"] as? Double)
            return Stretch(
                name: try #require(event["name"] as? String), thread: try #require(event["tid"] as? Int), start: start,
                end: start + (try #require(event["dur"] as? Double)),
                arguments: try #require(event["args"] as? [String: Any]))
        }
    }

    @Test func stretchesOfATrackNestOrAreApart() throws {
        let stretches = try stretches(trace(steps: 50).events)
        for (_, track) in Dictionary(grouping: stretches, by: \.thread) {
            var open: [Double] = []
            for stretch in track.sorted(by: { ($0.start, -$0.end) < ($1.start, -$1.end) }) {
                while let end = open.last, end <= stretch.start + 1e-4 { open.removeLast() }
                if let end = open.last { #expect(stretch.end <= end + 1e-4, "\(stretch)") }
                open.append(stretch.end)
            }
        }
        #expect(Set(stretches.map(\.thread)) == [10, 11, 12])
    }

    @Test func whatIsKnownIsThere() throws {
        let (metadata, events) = try trace(steps: 20)
        let stretches = try stretches(events)
        let counts = Dictionary(grouping: stretches, by: \.name).mapValues(\.count)
        #expect(counts["step"] == 20 && counts["reduce"] == 20 && counts["evaluation"] == 2)
        #expect(counts["gradient"] == 60 && counts["evaluate"] == 6 && counts["send"] == 66 && counts["return"] == 66)
        #expect(metadata["stepStride"] as? Int == 1 && metadata["version"] as? String == "1.2")
        let names = events.compactMap { ($0["args"] as? [String: Any])?["name"] as? String }
        #expect(names == ["coordinator", "steps", "workers", "worker 1: a\"b, process 71", "worker 2: b, process 72"])
        let counters = events.filter { $0["ph"] as? String == "C" && $0["name"] as? String == "loss" }
        let losses = counters.compactMap { ($0["args"] as? [String: Any])?["value"] }
        #expect(losses.count == 20 && losses.first is NSNull && losses[1] as? Double == 0.5)
        let marks = events.filter { $0["ph"] as? String == "i" }.compactMap { $0["name"] as? String }
        #expect(marks.contains("joined") && marks.contains("lost: killed") && marks.contains("q3 begins"))
        // Computing lies in the middle between hand-out and answer.
        let first = stretches.filter { $0.thread == 11 && $0.arguments["step"] as? Int == 1 }
        let lengths = first.prefix(3).map { (($0.end - $0.start) / 10).rounded() / 100 }
        #expect(first.prefix(3).map(\.name) == ["send", "gradient", "return"] && lengths == [1, 4, 1])
    }

    @Test(arguments: [200, 1000, 5000])
    func longRunsAreThinnedOutInWholeSteps(bound: Int) throws {
        let (metadata, events) = try trace(steps: 1000, bound: bound)
        let stretches = try stretches(events)
        let stride = try #require(metadata["stepStride"] as? Int)
        #expect(stride > 1 && stride & (stride - 1) == 0)
        let steps = stretches.filter { $0.name == "step" }.compactMap { $0.arguments["step"] as? Int }
        #expect(steps == Array(Swift.stride(from: 1, through: 1000, by: stride)))
        for step in steps {
            let names = stretches.filter { $0.arguments["step"] as? Int == step }.map(\.name)
            #expect(names.count { $0 == "gradient" } == 3 && names.count { $0 == "reduce" } == 1)
        }
        let evaluationStride = try #require(metadata["evaluationStride"] as? Int)
        let evaluations = stretches.filter { $0.name == "evaluation" }.compactMap { $0.arguments["evaluation"] as? Int }
        #expect(evaluations == Array(Swift.stride(from: 1, through: 100, by: evaluationStride)))
        #expect(events.count <= bound + 2000)
    }

    /// A round that never ends takes no more room than there is.
    @Test func oneRoundHasItsBoundToo() {
        var spans = TraceSpans(bound: 100)
        for _ in 0..<1000 {
            spans.add(TraceSpan(kind: .gradient, track: 1, round: .step, number: 0, start: 0, end: 1))
        }
        #expect(spans.kept.count == 100)
    }

    @Test func aRunThatFailsHasAValidTrace() throws {
        let events = try trace(steps: 3, failure: "no \"worker\" is left").events
        #expect(events.contains { $0["name"] as? String == "failed: no \"worker\" is left" })
    }
}
