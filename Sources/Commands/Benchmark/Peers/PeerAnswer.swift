import Diagnostics
import FoundationEssentials

/// What a peer answers after it has trained a job.
struct PeerAnswer: Sendable, Equatable {
    /// The largest answer that is read, in bytes.
    static let maximumSize = 1 << 26

    /// The program and its version.
    var program: String
    /// The mean loss of every step, before its update.
    var losses: [Double]
    /// The mean time of a counted step.
    var millisecondsPerStep: Double
    /// The most memory of each process, summed.
    var peakBytes: Int

    private struct Form: Codable {
        var program: String
        var losses: [Double]
        var millisecondsPerStep: Double
        var peakBytes: Int
    }

    /// Reads the answer to a job.
    ///
    /// - Parameters:
    ///   - json: what the peer wrote; nothing in it is believed.
    ///   - steps: the steps of the job.
    ///   - peer: its name, for messages.
    /// - Throws: `Failure(.data)` that says what is wrong.
    init(json: [UInt8], steps: Int, peer: String) throws {
        func failure(_ cause: String) -> Failure {
            Failure(.data, "cannot read the answer", at: peer, because: cause)
        }
        guard json.count <= Self.maximumSize else { throw failure("it has \(json.count) bytes") }
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(json)) else {
            throw failure(json.isEmpty ? "it is empty" : "it is not the JSON that was expected")
        }
        guard form.losses.count == steps else {
            throw failure("it has \(form.losses.count) losses for \(steps) steps")
        }
        guard form.losses.allSatisfy(\.isFinite) else { throw failure("a loss is not finite") }
        guard form.millisecondsPerStep.isFinite, form.millisecondsPerStep > 0 else {
            throw failure("a step of \(form.millisecondsPerStep) ms makes no sense")
        }
        guard form.peakBytes > 0 else { throw failure("\(form.peakBytes) bytes of memory make no sense") }
        program = String(form.program.prefix(60).map { $0.isNewline ? " " : $0 })
        losses = form.losses
        millisecondsPerStep = form.millisecondsPerStep
        peakBytes = form.peakBytes
    }

    /// The answer of a run of Lockstep, from its report.
    ///
    /// - Throws: `Failure(.data)` if the report has not what an answer needs.
    init(ours report: BenchmarkReport) throws {
        guard let run = report.runs.first, let step = run.step, let peak = run.peakBytes else {
            throw Failure(.data, "cannot read the answer", at: "Lockstep", because: "its report has no run")
        }
        program = "Lockstep \(report.version)"
        losses = report.losses
        millisecondsPerStep = step
        peakBytes = peak
    }
}
