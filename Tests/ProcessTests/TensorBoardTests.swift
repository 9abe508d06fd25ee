import Foundation
import Testing

/// Whether TensorBoard is installed, or may be.
private let canReadEvents =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || FileManager.default.fileExists(atPath: Program.package.path + "/.build/observing/requirements.txt")

/// What `--tensorboard` writes, read by the real TensorBoard.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: canReadEvents, "TensorBoard is not in .build/observing: run 'tools/environment observing' once"))
struct TensorBoardTests {
    /// What TensorBoard finds in a folder.
    private struct Events: Decodable {
        struct Image: Decodable {
            let step: Int
            let size: [Int]
            let declared: Bool
            let mode: String
            let colours: Int
        }

        let scalars: [String: [[Double]]]
        let images: [String: [Image]]
        /// Steps, times and texts, mixed.
        let texts: [String: [[Value]]]

        enum Value: Decodable {
            case number(Double)
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }

        func steps(_ tag: String) -> [Int] { scalars[tag]?.map { Int($0[0]) } ?? [] }

        func text(_ tag: String) -> String {
            for case .text(let text) in texts[tag]?.last ?? [] { return text }
            return ""
        }
    }

    private func python() throws -> String {
        let script = Program.package.appendingPathComponent("tools/environment")
        let answer = try RunningProgram(executable: script, ["observing"], environment: [:], in: nil)
            .finish(within: .seconds(500))
        try #require(answer.status == 0, "\(answer.errors)")
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func read(_ folder: String) throws -> Events {
        let answer = try RunningProgram(
            executable: URL(fileURLWithPath: try python()), ["tools/observing/read_events.py", folder],
            environment: [:],
            in: nil
        ).finish(within: .seconds(60))
        try #require(answer.status == 0, "\(answer.errors)")
        return try JSONDecoder().decode(Events.self, from: Data(answer.output.utf8))
    }

    @Test func `TensorBoard reads what the log and the report say`() throws {
        let coordinator = try Coordinator()
        let scratch = coordinator.scratch
        let arguments = ["--workers", "2", "--set", "epochs=2", "--set", "hidden=[32]", "q3"]
        let report = try coordinator.train(
            ["--log-json", scratch.file("log"), "--tensorboard", scratch.file("board")] + arguments)
        let events = try read(scratch.file("board/q3"))
        let count = try #require(report["steps"] as? Int)
        for tag in ["loss/training", "epoch", "step_seconds/compute", "step_seconds/exchange", "step_seconds/wait"] {
            #expect(events.steps(tag) == Array(1...count), "\(tag)")
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: scratch.file("log"))).split(separator: 10).map {
            try #require(try JSONSerialization.jsonObject(with: $0) as? [String: Any])
        }
        let steps = log.filter { $0["event"] as? String == "stepCompleted" }
        for (point, line) in zip(try #require(events.scalars["loss/training"]), steps) {
            let loss = try #require(line["loss"] as? Double)
            #expect(abs(point[2] - loss) <= 1e-6 * loss && abs(point[1] - (line["time"] as? Double ?? 0)) < 1e-3)
        }
        for split in ["validation", "test"] {
            let value = try #require(events.scalars["accuracy/\(split)"]?.last?[2])
            #expect(abs(value - (try #require(report[split] as? Double))) < 1e-6)
        }
        // The parts of the steps are those of the report, whose rounds are evaluations too.
        let time = try #require(report["time"] as? [String: Double])
        for (part, slack) in [("compute", 0.5), ("exchange", 0.2), ("wait", 0.2)] {
            let sum = try #require(events.scalars["step_seconds/\(part)"]).reduce(0) { $0 + $1[2] }
            let whole = try #require(time[part])
            #expect(sum > 0 && sum <= whole * 1.01 + 0.01 && sum >= whole * slack - 0.01, "\(part): \(sum) of \(whole)")
        }
        #expect(events.text("run").contains(#""hidden":[32]"#) && events.text("run").contains("| seed | 0 |"))
        #expect(events.text("result").contains(try #require(report["parametersSHA256"] as? String)))
        let images = try #require(events.images["digits"])
        #expect(images.map(\.step).first == 0 && images.map(\.step).last == count)
        #expect(images.allSatisfy { $0.declared && $0.mode == "RGB" && $0.size == [360, 300] && $0.colours > 16 })
    }

    @Test func `Texts and attention of q7 are there`() throws {
        let coordinator = try Coordinator()
        let folder = coordinator.scratch.file("board")
        let small = ["layerSize=16", "blocks=1", "batchSize=16", "stepsPerEpoch=5", "epochs=1"].flatMap {
            ["--set", $0]
        }
        _ = try coordinator.train(["--workers", "1", "--tensorboard", folder] + small + ["q7"])
        let events = try read(folder + "/q7")
        #expect(events.text("sample").hasPrefix("    Pacman"))
        #expect(events.steps("loss/validation").last == 5)
    }

    /// A question that is resumed goes on in a file of its own, which TensorBoard joins to the other.
    @Test func `Each question has a folder`() throws {
        let coordinator = try Coordinator()
        let folder = coordinator.scratch.file("deep/board")
        let result = try coordinator.run(["--tensorboard", folder, "linear", "q1", "q6"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["linear", "q1", "q6"])
        #expect(try read(folder + "/linear").text("result").contains("| passed | yes |"))
        #expect(try read(folder + "/q1").steps("accuracy/validation").isEmpty == false)
        #expect(try read(folder + "/q6").text("run").contains("metric | checks"))
    }
}
