import Foundation
import Questions
import Training

@testable import Observing

/// Random numbers that a seed decides.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

extension TrainingEvent {
    static func start(_ question: String, threshold: Double? = 0.97) -> TrainingEvent {
        .started(
            TrainingEvent.Start(
                question: question, title: "title of \(question)", workers: 2, shards: 4, batchSize: 128,
                parameterCount: 10, dataSource: "made", isSynthetic: true, metric: .accuracy, threshold: threshold))
    }

    static func step(_ step: Int, loss: Double = 0.5, total: Int? = 100) -> TrainingEvent {
        .stepCompleted(step: step, totalSteps: total, epoch: Double(step) / 50, loss: loss, examples: 128)
    }

    static func grade(_ question: String, validation: Double? = 0.98) -> TrainingEvent {
        .graded(
            TrainingEvent.Grade(
                question: question, passed: true, points: 5, possiblePoints: 5, metric: .accuracy, threshold: 0.97,
                validation: validation, test: 0.975, seconds: 2.5, parametersSHA256: "0123"))
    }
}

extension RunClock {
    /// The instant of a second of the run.
    func instant(_ seconds: Double) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        return now + .seconds(seconds - moment(of: now).seconds)
    }
}

/// What a browser makes of what it is sent: the state so far, as docs/architecture.md describes it.
struct Page {
    private(set) var state: [String: Any] = [:]

    init() {}

    init(_ json: [UInt8]) throws { state = try Self.object(json) }

    static func object(_ json: [UInt8]) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] else {
            throw CocoaError(.coderReadCorrupt)
        }
        return object
    }

    /// Takes a change in.
    mutating func apply(_ json: [UInt8]) throws {
        let change = try Self.object(json)
        var questions = state["questions"] as? [[String: Any]] ?? []
        for changed in change["questions"] as? [[String: Any]] ?? [] {
            if let place = questions.firstIndex(where: { $0["name"] as? String == changed["name"] as? String }) {
                questions[place] = Self.merged(questions[place], changed)
            } else {
                questions.append(changed)
            }
        }
        let notes = (state["notes"] as? [Any] ?? []) + (change["notes"] as? [Any] ?? [])
        state = change
        state["questions"] = questions
        state["notes"] = Array(notes.suffix(256))
    }

    private static func merged(_ old: [String: Any], _ change: [String: Any]) -> [String: Any] {
        var new = change
        if new["pictures"] == nil { new["pictures"] = old["pictures"] }
        new["scores"] = (old["scores"] as? [Any] ?? []) + (change["scores"] as? [Any] ?? [])
        var curve = change["lossCurve"] as? [String: Any] ?? [:]
        let before = (old["lossCurve"] as? [String: Any])?["values"] as? [Any] ?? []
        let from = curve["from"] as? Int ?? 0
        curve["values"] = Array(before.prefix(from)) + (curve["values"] as? [Any] ?? [])
        curve["from"] = 0
        new["lossCurve"] = curve
        return new
    }

    /// Where it shows something else than a state says; empty if nowhere.
    func differences(from json: [UInt8]) throws -> String {
        Self.differences(state, try Self.object(json), at: "").joined(separator: "; ")
    }

    /// Where two values differ.
    static func differences(_ shown: Any?, _ right: Any?, at place: String) -> [String] {
        if let shown = shown as? [String: Any], let right = right as? [String: Any] {
            return Set(shown.keys).union(right.keys).sorted().flatMap {
                differences(shown[$0], right[$0], at: "\(place).\($0)")
            }
        }
        if let shown = shown as? [Any], let right = right as? [Any], shown.count == right.count {
            return shown.indices.flatMap { differences(shown[$0], right[$0], at: "\(place)[\($0)]") }
        }
        if let shown = shown as? NSObject, let right = right as? NSObject, shown.isEqual(right) { return [] }
        return ["\(place): \(String(describing: shown).prefix(80)) for \(String(describing: right).prefix(80))"]
    }
}
