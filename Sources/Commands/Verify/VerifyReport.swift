import Diagnostics
import Launching
import Observing

/// What `coordinator verify` found, as its `--report` writes it.
struct VerifyReport: Codable, Sendable, Equatable {
    /// One training of a question.
    struct Run: Codable, Sendable, Equatable {
        /// The number of worker processes.
        var workers: Int
        /// Whether it suffered faults on purpose.
        var isDisturbed: Bool
        /// Seconds from the start of the question to its last score.
        @Measured var seconds: Double?
        /// What went wrong on the way and was made good.
        var faults: QuestionReport.FaultReport
        /// SHA-256 of the parameters.
        var parametersSHA256: String
        /// The faults on purpose, in words; nil for none.
        var chaos: String?

        /// What the run is called.
        var name: String { "\(workers) worker\(workers == 1 ? "" : "s")" + (isDisturbed ? ", disturbed" : "") }

        /// A line of progress.
        func line(_ question: String) -> String {
            "\(question), \(name): \(parametersSHA256.prefix(12)) after \(Decimals.text(seconds ?? 0, places: 1)) s"
                + (chaos.map { " (\($0))" } ?? "") + "\n"
        }
    }

    /// All trainings of a question.
    struct Question: Codable, Sendable, Equatable {
        /// The question.
        var question: String
        /// Its trainings.
        var runs: [Run]

        /// Whether all ended with the same parameters.
        var isEqual: Bool { Set(runs.map(\.parametersSHA256)).count <= 1 }

        /// The trainings as a table for people.
        var text: String {
            let titles = ["\(question)", "seconds", "workers lost", "shards reissued", "stale answers", "parameters"]
            let rows = runs.map { run in
                [
                    run.name, Decimals.text(run.seconds ?? 0, places: 2), "\(run.faults.workersLost)",
                    "\(run.faults.shardsReissued)", "\(run.faults.staleAnswers)",
                    String(run.parametersSHA256.prefix(16)),
                ]
            }
            return TextTable.layOut([titles] + rows, rightAligned: [1, 2, 3, 4])
        }
    }

    /// The version of this format.
    var schema = 1
    /// The version of Lockstep.
    var version = Version.current
    /// The seed of every run.
    var seed: UInt64
    /// What the processor offers beyond its baseline; results are compared among machines that offer the same.
    var processorFeatures = Processors.features()
    /// What was compared.
    var questions: [Question] = []

    /// Nothing compared yet.
    init(_ options: VerifyOptions) {
        seed = options.run.seed
    }

    /// Whether every question had one result.
    var isEqual: Bool { questions.allSatisfy(\.isEqual) }

    /// The lines at the end: equal or not, and where it holds.
    var verdict: String {
        let different = questions.filter { !$0.isEqual }.map(\.question)
        let features = processorFeatures.isEmpty ? "none" : processorFeatures.joined(separator: ", ")
        return
            (different.isEmpty
            ? "equal: every run of a question ended with the same parameters\n"
            : "not equal: the parameters of \(different.joined(separator: ", ")) differ between runs\n")
            + "processor features: \(features); among machines with the same ones the results are the same\n"
    }
}
