import Datasets
import Diagnostics
import FoundationEssentials
import Launching
import Observing

extension PeerContest {
    /// What the script for all questions answers.
    struct Grades: Codable, Sendable, Equatable {
        /// The program and its version.
        var program: String
        /// The scores by question: losses, or parts of 1.
        var scores: [String: Double]

        /// The grades of a run.
        init(program: String, scores: [String: Double]) {
            self.program = program
            self.scores = scores
        }

        /// Reads an answer.
        ///
        /// - Throws: `Failure(.data)` if it is none.
        init(json: [UInt8]) throws {
            guard let grades = try? JSONDecoder().decode(Grades.self, from: Data(json)) else {
                throw Failure(
                    .data, "cannot read the answer", at: "questions.py", because: "it is not the JSON that was expected"
                )
            }
            self = grades
        }

        /// The scores that both programs must reach: those of the recipes, not of the course.
        static let needed: [(question: String, score: String, bound: Double, isLoss: Bool)] = [
            ("q1", "accuracy", 1, false), ("q2", "loss", 0.02, true), ("q3", "validation accuracy", 0.98, false),
            ("q4", "validation accuracy", 0.9, false), ("q5", "test accuracy", 1, false), ("q6", "checks", 1, false),
        ]

        /// A line that says which score was missed; nil if none.
        static func missed(_ scores: [String: Double]) -> String? {
            for need in needed {
                let value = scores[need.question] ?? .nan
                guard need.isLoss ? value <= need.bound : value >= need.bound else {
                    return "the \(need.score) of \(need.question) is \(Decimals.text(value, places: 4)), and "
                        + "\(need.isLoss ? "at most" : "at least") \(Decimals.text(need.bound, places: 2)) is needed"
                }
            }
            return nil
        }
    }

    /// Compares the time from the command to the grades of q1 to q6.
    ///
    /// - Throws: `Failure`, `Interrupted`, or `Disagreement` if a score is missed.
    func compareAll() throws -> PeersReport.Comparison {
        let folder = try ScratchFolder()
        let threads = options.workers == 1 ? [1] : [1, options.workers]
        let names =
            [Peer.lockstep(workers: options.workers).name]
            + threads.map { "tuned PyTorch script, \($0) thread\($0 == 1 ? "" : "s")" }
        var answers: [[(program: String, time: Double, peakBytes: Int?)]] = names.map { _ in [] }
        for round in 1...options.rounds {
            for index in names.indices {
                let file = folder.file("answer.json")
                _ = try? FileManager.default.removeItem(atPath: file)
                let run =
                    index == 0
                    ? try trainAll(answer: file, names[index])
                    : try runScript(threads: threads[index - 1], answer: file, names[index])
                if let missed = Grades.missed(run.grades.scores) {
                    throw Disagreement(line: "all: \(names[index]): \(missed), so nothing is compared")
                }
                answers[index].append((run.grades.program, run.seconds, nil))
                try StandardStream.error.write(
                    "all, round \(round) of \(options.rounds), \(names[index]): "
                        + "\(BenchmarkReport.seconds(run.seconds))\n")
            }
        }
        return PeersReport.Comparison(
            recipe: "all", title: "q1 to q6, from the command to the grades", unit: "seconds", steps: nil,
            batchSize: nil, data: "mnist.npz, lang_id.npz",
            zip(names.indices, answers).map { (names[$0], $0 == 0, $1) })
    }

    private func trainAll(answer file: String, _ name: String) throws -> (grades: Grades, seconds: Double) {
        let seconds = try runner.run(
            LocalLauncher.ownExecutable,
            [
                "coordinator", "--workers", "\(options.workers)", "--seed", "\(options.seed)", "--report", file,
                "--quiet", "--no-graphics",
            ] + (options.dataFolder.map { ["--data", $0] } ?? []) + ["all"], within: Self.limit)
        let report = try Report(json: Self.content(of: file, name), file: name)
        if let question = report.questions.first(where: { $0.data.synthetic && ["q3", "q4"].contains($0.question) }) {
            throw Failure(
                .data, "cannot compare all questions", at: question.question,
                because: "its data file is missing, and others cannot read synthetic data",
                remedy: "give --data DIR, or fetch the files with tools/fetch-data")
        }
        return (Grades(program: "Lockstep \(report.version)", scores: Self.scores(of: report)), seconds)
    }

    private func runScript(threads: Int, answer file: String, _ name: String) throws -> (
        grades: Grades, seconds: Double
    ) {
        let seconds = try runner.run(
            tools.python,
            [
                tools.script("questions.py"), "--data", try DataFolder(explicit: options.dataFolder).path, "--cache",
                tools.cache, "--seed", "\(options.seed)", "--threads", "\(threads)", "--answer", file,
            ], within: Self.limit)
        return (try Grades(json: Self.content(of: file, name)), seconds)
    }

    /// The scores of Lockstep's report that are compared.
    static func scores(of report: Report) -> [String: Double] {
        var scores: [String: Double] = [:]
        for question in report.questions {
            scores[question.question] =
                switch question.question {
                case "q3", "q4": question.validation
                case "q6": question.passed ? 1 : 0
                default: question.test
                }
        }
        return scores
    }
}
