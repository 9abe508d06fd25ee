import Diagnostics
import Testing

@testable import Commands

/// Questions as the command line knows them.
let someQuestions = [
    QuestionSummary(name: "linear", title: "a line", possiblePoints: 0),
    QuestionSummary(name: "q1", title: "perceptron", possiblePoints: 5),
    QuestionSummary(name: "q3", title: "digits", possiblePoints: 5),
    QuestionSummary(name: "mine", title: "my own", possiblePoints: 0),
]

@Suite struct CoordinatorOptionsTests {
    private func parse(_ line: String, _ environment: [String: String] = [:]) throws -> CoordinatorOptions {
        try CoordinatorOptions.parse(
            line.split(separator: " ").map(String.init), environment: environment, questions: someQuestions)
    }

    @Test func withoutOptionsTheDefaultsHold() throws {
        let options = try parse("q3")
        #expect(options.questions == ["q3"])
        #expect(options.workers == nil)
        #expect(options.launcher == .local)
        #expect(options.minimumWorkers == 1)
        #expect(options.lease == 10)
        #expect(options.seed == 0)
        #expect(options.settings.isEmpty)
        #expect(options.checkpointFolder == nil && !options.isResumed && options.checkpointInterval == 30)
        #expect(options.reportFile == nil)
        #expect(options.logFile == nil && options.tensorBoardFolder == nil && options.traceFile == nil)
        #expect(options.showsGraphics)
        #expect(!options.isQuiet && !options.isInsecure)
    }

    @Test func everyOptionArrives() throws {
        let options = try parse(
            "--workers 3 --launcher none --listen tcp://0.0.0.0:5571 --token-file t --seed=7 --shards 8 --config c "
                + "--set epochs=2 --set=hidden=[3] --data d --report r --parameters p --init i --checkpoint k "
                + "--checkpoint-interval 0.5 --resume --no-graphics --quiet --min-workers 5 --lease 2.5 "
                + "--log-json l --tensorboard b --trace e -- mine")
        #expect(options.workers == 3)
        #expect(options.minimumWorkers == 5)
        #expect(options.lease == 2.5)
        #expect(options.launcher == .none)
        #expect(options.listen == "tcp://0.0.0.0:5571")
        #expect(options.tokenFile == "t")
        #expect(options.seed == 7)
        #expect(options.shards == 8)
        #expect(options.configurationFile == "c")
        #expect(options.settings == ["epochs=2", "hidden=[3]"])
        #expect(options.dataFolder == "d")
        #expect(options.reportFile == "r")
        #expect(options.logFile == "l" && options.tensorBoardFolder == "b" && options.traceFile == "e")
        #expect(options.parametersFile == "p")
        #expect(options.initialParametersFile == "i")
        #expect(options.checkpointFolder == "k")
        #expect(options.checkpointInterval == 0.5)
        #expect(options.isResumed)
        #expect(!options.showsGraphics)
        #expect(options.isQuiet)
        #expect(options.questions == ["mine"])
    }

    @Test(arguments: [
        ("all", ["q1", "q3"]), ("q3 all mine q3", ["q3", "q1", "mine"]), ("linear q1", ["linear", "q1"]),
        ("-- q1", ["q1"]), ("q1 --quiet q3", ["q1", "q3"]),
    ])
    func questionsAreNamedOnceInOrder(line: String, names: [String]) throws {
        #expect(try parse(line).questions == names)
    }

    @Test(arguments: [
        ("", "no question given"),
        ("q33", "unknown question: q33; did you mean 'q3'?"),
        ("--worker 2 q3", "unknown option: --worker; did you mean '--workers'?"),
        ("--zebra q3", "unknown option: --zebra"),
        ("-x q3", "unknown option: -x"),
        ("--parent 3 q3", "unknown option: --parent"),
        ("--prompt x q3", "unknown option: --prompt: coordinator does not take it, coordinator generate does"),
        ("--workers 0 q3", "wrong value: --workers 0: expected a whole number from 1 to 64"),
        ("--workers 65 q3", "wrong value: --workers 65"),
        ("--workers -1 q3", "wrong value: --workers -1"),
        ("--workers 2.0 q3", "wrong value: --workers 2.0"),
        ("--workers two q3", "wrong value: --workers two"),
        ("--workers 99999999999999999999 q3", "wrong value: --workers 99999999999999999999"),
        ("--workers= q3", "wrong value: --workers "),
        ("--workers", "missing value: --workers; write --workers N"),
        ("q3 --report --quiet", "missing value: --report"),
        ("--report= q3", "wrong value: --report "),
        ("--quiet=yes q3", "wrong value: --quiet=yes: it takes no value"),
        ("--seed 1 --seed 1 q3", "option given twice: --seed"),
        ("--quiet --quiet q3", "option given twice: --quiet"),
        ("--seed -1 q3", "wrong value: --seed -1"),
        ("--shards 3 q3", "wrong value: --shards 3: expected a power of two from 1 to 64"),
        ("--shards 128 q3", "wrong value: --shards 128"),
        ("--launcher ssh q3", "wrong value: --launcher ssh: expected local or none"),
        ("--launcher none q3", "options do not fit: --launcher none"),
        ("--token-file t q3", "options do not fit: --token-file"),
        ("--insecure q3", "options do not fit: --insecure"),
        ("--listen e --insecure --token-file t q3", "options do not fit: --token-file"),
        ("--lease 0 q3", "wrong value: --lease 0"),
        ("--workers 2 --min-workers 3 q3", "options do not fit: --min-workers: there will be 2 at most"),
        ("--config c q1 q3", "options do not fit: --config"),
        ("--parameters p all", "options do not fit: --parameters"),
        ("--init i all", "options do not fit: --init"),
        ("--resume q3", "options do not fit: --resume: it needs --checkpoint DIR"),
        ("--checkpoint-interval 5 q3", "options do not fit: --checkpoint-interval"),
        ("--checkpoint k --checkpoint-interval -1 q3", "wrong value: --checkpoint-interval -1"),
    ])
    func aWrongCommandLineIsRefusedByName(line: String, start: String) throws {
        let failure = try #require(throws: Failure.self) { try parse(line) }
        #expect(failure.category == .usage)
        #expect(failure.description.hasPrefix(start), "\(failure)")
    }

    @Test func theEnvironmentStandsInForWhatIsNotGiven() throws {
        let environment = ["LOCKSTEP_WORKERS": "3", "LOCKSTEP_DATA": "/data"]
        #expect(try parse("q3", environment).workers == 3)
        #expect(try parse("--workers 2 q3", environment).workers == 2)
        #expect(try parse("q3", ["LOCKSTEP_WORKERS": ""]).workers == nil)
        #expect(try parse("q3", environment).dataFolder == nil, "the data folder reads its variable itself")
        let failure = try #require(throws: Failure.self) { try parse("q3", ["LOCKSTEP_WORKERS": "0"]) }
        #expect(failure.description.hasPrefix("wrong value: LOCKSTEP_WORKERS 0"))
    }

    @Test(arguments: [(4, 2, 2), (4, 8, 4), (1, 8, 1), (64, 200, 64), (4, 0, 1)])
    func thereAreAsManyWorkersAsCoresAndAtMostAsShards(shards: Int, cores: Int, count: Int) throws {
        #expect(try parse("q3").workerCount(shards: shards, cores: cores) == count)
        #expect(try parse("--workers 6 q3").workerCount(shards: shards, cores: cores) == 6)
        #expect(try parse("--min-workers 5 q3").workerCount(shards: shards, cores: cores) == max(5, count))
        #expect(try parse("--min-workers 5 --listen e q3").workerCount(shards: shards, cores: cores) == count)
    }

    @Test func helpAndVersionEndTheReading() throws {
        let help = try ParsedOptions(["--quiet", "--help", "--nonsense"], for: .train, environment: [:])
        #expect(help.request == .help)
        #expect(try ParsedOptions(["-h"], for: .worker, environment: [:]).request == .help)
        #expect(try ParsedOptions(["--version", "--help"], for: .train, environment: [:]).request == .version)
        #expect(try ParsedOptions(["--", "--help"], for: .train, environment: [:]).operands == ["--help"])
    }
}
