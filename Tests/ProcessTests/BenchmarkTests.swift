import Foundation
import Testing

/// The benchmarks as a user runs them, with small steps on synthetic data.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BenchmarkTests {
    /// A small model that needs no file.
    private static let small = [
        "--set", "layerSize=8", "--set", "blocks=1", "--set", "batchSize=8", "--steps", "5", "q7",
    ]

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func run(_ arguments: [String]) throws -> Program.Result {
        try Program.run("benchmark", arguments, environment: scratch.environment)
    }

    private func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file(name)))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func `A step is taken apart`() throws {
        let result = try run(
            ["step", "--workers", "1,2", "--rounds", "1", "--report", scratch.file("r.json")] + Self.small)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("exchange") && result.output.contains("2 workers"))
        let report = try json("r.json")
        #expect((report["losses"] as? [Double])?.count == 5)
        let runs = try #require(report["runs"] as? [[String: Any]])
        #expect(runs.map { $0["workers"] as? Int } == [1, 2])
        for run in runs {
            for key in ["step", "compute", "exchange", "reduce", "firstStep"] {
                #expect((run[key] as? Double ?? -1) >= 0, "\(key)")
            }
            #expect((run["peakBytes"] as? Int ?? 0) > 1 << 20)
        }
    }

    @Test func `Scaling ends with a verdict, and a chart`() throws {
        let result = try run(
            ["scaling", "--workers", "1,2", "--rounds", "1", "--weak", "--to-threshold"]
                + ["--set", "stepsPerEpoch=5", "--set", "epochs=1"]
                + ["--report", scratch.file("s.json"), "--chart", scratch.file("s.svg")] + Self.small)
        #expect(result.status == 0, "\(result.errors)")
        for text in ["one process", "fixed batch a worker", "training to the end", "\nuse "] {
            #expect(result.output.contains(text), "\(text)")
        }
        let report = try json("s.json")
        #expect((report["weak"] as? [[String: Any]])?.map { $0["batchSize"] as? Int } == [8, 16])
        #expect((report["trainings"] as? [[String: Any]])?.count == 2)
        #expect((report["verdict"] as? String)?.hasPrefix("use ") == true)
        #expect(try String(contentsOfFile: scratch.file("s.svg"), encoding: .utf8).hasSuffix("</svg>\n"))
    }

    @Test(arguments: [
        ["step", "q1"], ["step", "q3", "q4"], ["scaling", "--chart", "/nonexistent/c.svg", "q7"],
        ["peers", "--report", "/nonexistent/r.json"], ["peers", "--set", "wrong=1", "q7"],
    ])
    func `A mistake is one line`(arguments: [String]) throws {
        let result = try run(arguments)
        #expect(result.status == 2 && result.errorLines.count == 1 && result.output.isEmpty, "\(result.errors)")
    }
}
