import Diagnostics
import Testing

@testable import Commands

@Suite struct OtherOptionsTests {
    @Test func aWorkerNeedsAnEndpoint() throws {
        let options = try WorkerOptions.parse(
            [
                "--connect", "tcp://host:5571", "--token-file", "-", "--parent", "42", "--cache=/tmp/c", "--heartbeat",
                "0.1",
            ],
            environment: [:])
        #expect(options.heartbeat == 0.1)
        #expect(options.connect == "tcp://host:5571")
        #expect(options.tokenFile == "-")
        #expect(options.parent == 42)
        #expect(options.cacheFolder == "/tmp/c")
        #expect(try WorkerOptions.parse(["--connect", "e"], environment: ["LOCKSTEP_CACHE": "/c"]).cacheFolder == "/c")
    }

    @Test(arguments: [
        ([], "missing option: --connect"),
        (["--connect", "e", "q3"], "unexpected argument: q3"),
        (["--connect", ""], "wrong value: --connect "),
        (["--connect", "e", "--parent", "0"], "wrong value: --parent 0"),
        (["--connect", "e", "--insecure", "--token-file", "t"], "options do not fit: --token-file"),
        (["--workers", "2"], "unknown option: --workers: worker does not take it"),
    ])
    func aWrongWorkerIsRefused(arguments: [String], start: String) throws {
        let failure = try #require(throws: Failure.self) {
            try WorkerOptions.parse(arguments, environment: [:])
        }
        #expect(failure.category == .usage)
        #expect(failure.description.hasPrefix(start), "\(failure)")
    }

    private func generate(_ arguments: [String]) throws -> GenerateOptions {
        let questions = someQuestions + [QuestionSummary(name: "q7", title: "text", possiblePoints: 0)]
        return try GenerateOptions.parse(arguments, environment: [:], questions: questions)
    }

    @Test func generatingHasDefaults() throws {
        let options = try generate(["--parameters", "p"])
        #expect(options.question == "q7")
        #expect(options.parametersFile == "p")
        #expect(options.prompt == "Pacman")
        #expect(options.length == 500)
        #expect(options.temperature == 1)
        #expect(options.topK == nil)
    }

    @Test func generatingTakesAnyPrompt() throws {
        let options = try generate([
            "--parameters", "p", "--prompt=--x = y\n", "--temperature", "1e-1", "--top-k", "5", "--length", "1", "mine",
        ])
        #expect(options.prompt == "--x = y\n")
        #expect(options.temperature == 0.1)
        #expect(options.topK == 5)
        #expect(options.length == 1)
        #expect(options.question == "mine")
        #expect(try generate(["--parameters", "p", "--prompt", ""]).prompt == "")
    }

    @Test(arguments: [
        [], ["--parameters", "p", "--temperature", "nan"], ["--parameters", "p", "--temperature", "inf"],
        ["--parameters", "p", "--temperature", "-1"], ["--parameters", "p", "--length", "0"],
        ["--parameters", "p", "--top-k", "0"], ["--parameters", "p", "q1", "q3"], ["--parameters", "p", "q9"],
        ["--parameters", "a\0b"],
    ])
    func wrongGeneratingIsRefused(arguments: [String]) throws {
        let failure = try #require(throws: Failure.self) { try generate(arguments) }
        #expect(failure.category == .usage)
    }

    private func export(_ line: String) throws -> ExportOptions {
        try ExportOptions.parse(
            line.split(separator: " ").map(String.init), environment: [:], questions: someQuestions)
    }

    @Test func exportingNamesItsSource() throws {
        #expect(try export("--checkpoint d q3 f").source == .checkpoint("d"))
        #expect(try export("q3 --parameters p f").source == .parameters("p"))
        #expect(try export("--checkpoint d q3 f").question == "q3")
        #expect(try export("--checkpoint d q3 f").output == "f")
    }

    @Test(arguments: [
        ("q3 f", "missing option: --checkpoint"), ("--checkpoint d --parameters p q3 f", "options do not fit"),
        ("--checkpoint d q3", "expected a question and a file"), ("--checkpoint d all f", "one question"),
        ("--checkpoint d q9 f", "unknown question"),
    ])
    func wrongExportingIsRefused(line: String, start: String) throws {
        let failure = try #require(throws: Failure.self) { try export(line) }
        #expect(failure.category == .usage)
        #expect(failure.description.hasPrefix(start), "\(failure)")
    }

    @Test func scalingComparesNumbersOfWorkers() throws {
        func parse(_ arguments: [String]) throws -> ScalingOptions {
            try ScalingOptions.parse(arguments, environment: [:], questions: someQuestions)
        }
        let options = try parse(["--workers", "1,2,4", "--set", "epochs=1", "q3"])
        #expect(options.workers == [1, 2, 4])
        #expect(options.question == "q3")
        #expect(options.run.settings == ["epochs=1"])
        #expect(try parse(["q3"]).workers == [1, 2])
        for wrong in ["", "1,", "0,1", "1,1", "1,x", "1;2"] {
            #expect(throws: Failure.self) { try parse(["--workers=\(wrong)", "q3"]) }
        }
        #expect(throws: Failure.self) { try parse(["q1", "q3"]) }
    }
}
