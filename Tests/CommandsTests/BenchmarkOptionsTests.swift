import Diagnostics
import Testing

@testable import Commands

@Suite struct BenchmarkOptionsTests {
    @Test func scalingHasStepsAndRounds() throws {
        let options = try ScalingOptions.parse(
            ["--steps", "20", "--rounds=1", "--report", "r.json", "q3"], environment: [:], questions: someQuestions)
        #expect(options.steps == 20 && options.rounds == 1)
        #expect(options.run.reportFile == "r.json")
        let plain = try ScalingOptions.parse(["q3"], environment: [:], questions: someQuestions)
        #expect(plain.steps == 100 && plain.rounds == 3)
        #expect(plain.run.reportFile == nil)
    }

    @Test(arguments: [["--steps", "1"], ["--steps", "-5"], ["--rounds", "0"], ["--rounds", "x"], ["--report", ""]])
    func wrongScalingIsRefused(arguments: [String]) throws {
        let failure = try #require(throws: Failure.self) {
            try ScalingOptions.parse(arguments + ["q3"], environment: [:], questions: someQuestions)
        }
        #expect(failure.category == .usage)
        #expect(failure.place?.hasPrefix(arguments[0]) == true)
    }

    @Test func kernelsHaveRoundsAndAReport() throws {
        let options = try KernelOptions.parse(["--rounds", "3", "--report=k.json"], environment: [:])
        #expect(options.rounds == 3 && options.reportFile == "k.json")
        #expect(
            try KernelOptions.parse([], environment: [:])
                == KernelOptions(ParsedOptions([], for: .kernels, environment: [:])))
        for wrong in [["q3"], ["--rounds", "0"], ["--steps", "5"], ["--report", ""]] {
            let failure = try #require(throws: Failure.self) { try KernelOptions.parse(wrong, environment: [:]) }
            #expect(failure.category == .usage)
        }
    }

    @Test func scalingHasFurtherMeasurements() throws {
        let options = try ScalingOptions.parse(
            ["--weak", "--to-threshold", "--chart", "c.svg", "q3"], environment: [:], questions: someQuestions)
        #expect(options.isWeak && options.isTrainedToThreshold && options.chartFile == "c.svg")
        let plain = try ScalingOptions.parse(["q3"], environment: [:], questions: someQuestions)
        #expect(!plain.isWeak && !plain.isTrainedToThreshold && plain.chartFile == nil)
    }

    @Test func aStepTakesTheOptionsOfScalingButItsOwn() throws {
        let parsed = try ParsedOptions(["--workers", "1,4", "q3"], for: .step, environment: [:])
        #expect(try ScalingOptions(parsed, questions: someQuestions).workers == [1, 4])
        let failure = try #require(throws: Failure.self) {
            try ParsedOptions(["--weak", "q3"], for: .step, environment: [:])
        }
        #expect(failure.place == "--weak" && failure.cause?.contains("benchmark scaling does") == true)
    }

    @Test func peersHaveRecipes() throws {
        let plain = try PeersOptions.parse([], environment: [:])
        #expect(plain.recipes == ["q3", "q4", "q7", "q7-nanogpt"])
        #expect(plain.workers == 2 && plain.steps == nil && plain.rounds == 3 && plain.seed == 0)
        let options = try PeersOptions.parse(
            ["all", "q7-nanogpt", "--workers", "1", "--steps=9", "--rounds", "2", "--chart", "c", "--set", "a=1"],
            environment: ["LOCKSTEP_DATA": "d"])
        #expect(options.recipes == ["all", "q7-nanogpt"] && options.workers == 1 && options.steps == 9)
        #expect(options.rounds == 2 && options.chartFile == "c" && options.settings == ["a=1"])
        #expect(options.dataFolder == nil)
    }

    @Test(arguments: [["q1"], ["q3", "q3"], ["q3", "--steps", "1"], ["--workers", "1,2"], ["--config", "f"]])
    func wrongPeersAreRefused(arguments: [String]) throws {
        let failure = try #require(throws: Failure.self) { try PeersOptions.parse(arguments, environment: [:]) }
        #expect(failure.category == .usage)
    }

    private func start(_ arguments: [String]) throws -> StartOptions {
        try StartOptions.parse(arguments, environment: [:], questions: someQuestions)
    }

    @Test func aStartNeedsAQuestionAndAFile() throws {
        let options = try start(["q3", "--steps", "7", "--seed", "2", "--set", "a=1", "--shards", "8", "--", "-f"])
        #expect(options.question == "q3" && options.file == "-f")
        #expect(options.steps == 7 && options.seed == 2)
        #expect(options.configurations == ConfigurationSource(file: nil, settings: ["a=1"], shards: 8))
        #expect(try start(["q3", "q1"]).file == "q1")
        #expect(try start(["q3", "f"]).steps == nil)
    }

    @Test(arguments: [
        [], ["q3"], ["q3", "f", "g"], ["q9", "f"], ["all", "f"], ["q3", "f", "--steps", "0"],
        ["q3", "f", "--workers", "2"],
    ])
    func aWrongStartIsRefused(arguments: [String]) throws {
        let failure = try #require(throws: Failure.self) { try start(arguments) }
        #expect(failure.category == .usage)
    }

    private func simulate(_ arguments: [String]) throws -> SimulateOptions {
        try SimulateOptions.parse(arguments, environment: [:])
    }

    @Test func aSimulationHasManySeedsOrOne() throws {
        #expect(try simulate([]).seeds == 0...4999)
        #expect(try simulate(["--seeds", "20"]).seeds == 0...19)
        #expect(try simulate(["--seeds=100-199"]).seeds == 100...199)
        #expect(try !simulate(["--seeds", "7-7"]).isReplay)
        let replay = try simulate(["--seed", "17"])
        #expect(replay.seeds == 17...17 && replay.isReplay)
    }

    @Test(arguments: [
        ["--seeds", "0"], ["--seeds", "-1"], ["--seeds", "2-1"], ["--seeds", "1-2-3"], ["--seeds", "1-"],
        ["--seeds", "x"], ["--seeds", "0-9223372036854775807"], ["--seeds", "9223372036854775807"],
        ["--seed", "-1"], ["--seed", "1", "--seeds", "2"], ["q3"],
    ])
    func aWrongSimulationIsRefused(arguments: [String]) throws {
        let failure = try #require(throws: Failure.self) { try simulate(arguments) }
        #expect(failure.category == .usage)
    }

    @Test(arguments: [[], ["nothing"], ["--workers", "2"]])
    func anUnknownCommandIsRefused(arguments: [String]) {
        #expect(BenchmarkCommand.main(arguments: arguments, environment: [:]) == Failure.Category.usage.rawValue)
    }
}
