import Datasets
import Diagnostics
import FoundationEssentials
import Questions
import Tensors
import Testing
import Training

@testable import Commands

/// Lends a data folder without files.
func withEmptyFolder<Result>(_ body: (DataFolder) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID())").path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(DataFolder(explicit: path, environment: [:]))
}

/// Small recipes of questions whose data are made, so that no file is needed.
enum SmallRun: String, CaseIterable {
    case linear = "linear {batchSize: 2, epochs: 9, optimizer: 'sgd', learningRate: 0.1}"
    case sine = "q2 {hidden: [4], batchSize: 50, epochs: 3, learningRate: 0.01, schedule: 'oneCycle'}"
    case text = """
        q7 {blockSize: 4, layerSize: 6, blocks: 2, batchSize: 9, stepsPerEpoch: 3, epochs: 4, learningRate: 0.01}
        """

    /// The question and its data set.
    func make() throws -> (question: any Question, data: DataSet) {
        let parts = rawValue.split(separator: " ", maxSplits: 1)
        let type = try #require(QuestionCatalog.named(String(parts[0])))
        let question = try QuestionCatalog.make(
            type, Configuration(parsing: Array(parts[1].utf8), file: String(parts[0])))
        return (question, try withEmptyFolder { try question.loadData(from: $0) })
    }
}

@Suite struct BenchmarkStartTests {
    /// The examples of each step as a session of one worker hands them out.
    private func examples(_ session: Session, _ run: (question: any Question, data: DataSet), seed: UInt64) throws
        -> [[Int32]]
    {
        let runner = try ShardRunner(run.question, data: run.data, seed: seed)
        var steps: [[Int32]] = []
        var actions = try session.handle(.workerReady(WorkerID(1)))
        while let work = actions.lazy.compactMap({ action -> Work? in
            if case .assign(_, let work) = action { work } else { nil }
        }).first {
            steps.append(Array(work.examples))
            let result = try runner.run(
                work, parameters: session.parameters.values.pointer, gradient: Storage(count: runner.parameterCount))
            actions = try session.handle(.answered(WorkerID(1), result))
        }
        return steps
    }

    @Test(arguments: SmallRun.allCases, [UInt64(0), 3])
    func itIsWhatASessionStartsFrom(small: SmallRun, seed: UInt64) throws {
        let run = try small.make()
        let session = try Session(run.question, data: run.data, seed: seed, stepLimit: 8)
        let parameters = session.trainedModel.parameters.map { $0.variable.value.values }
        let start = try BenchmarkStart(run.question, data: run.data, seed: seed, steps: 8)
        #expect(start.parameterCount == parameters.count)
        for (place, parameter) in session.trainedModel.parameters.enumerated() {
            let array = try #require(start.arrays["p\(place)"])
            #expect(array.elementType == .float32 && array.shape == parameter.shape.dimensions)
            #expect(Array(array.floats) == parameters[place], "p\(place)")
        }
        let rates = try #require(start.arrays["rates"])
        guard case .gradientDescent(let recipe) = run.question.method else { preconditionFailure("no recipe") }
        #expect(
            Array(rates.floats)
                == (0..<8).map { recipe.rate(step: $0, of: small == .linear ? 18 : 12) })
        let offsets = try #require(start.arrays["offsets"])
        let steps = try examples(session, run, seed: seed)
        #expect(offsets.elementType == .int32 && offsets.shape == [8, steps[0].count])
        #expect(steps.count == 8 && Array(offsets.int32s) == steps.flatMap { $0 })
    }

    @Test func aShortBatchIsFilledUp() throws {
        let configuration = "{hidden: [4], batchSize: 60, epochs: 3, learningRate: 0.01}"
        let question = try QuestionCatalog.make(
            try #require(QuestionCatalog.named("q2")), Configuration(parsing: Array(configuration.utf8), file: "q2"))
        let data = try withEmptyFolder { try question.loadData(from: $0) }
        let offsets = try #require(BenchmarkStart(question, data: data, seed: 0, steps: 5).arrays["offsets"])
        #expect(offsets.shape == [5, 60])
        let rows = (0..<5).map { Array(offsets.int32s[$0 * 60..<($0 + 1) * 60]) }
        // 200 points are three batches of 60, and one of 20.
        #expect(rows.map { row in row.count { $0 >= 0 } } == [60, 60, 60, 20, 60])
        #expect(rows[3].suffix(40).allSatisfy { $0 == -1 })
        #expect(Set(rows[..<4].joined()) == Set(-1..<200))
    }

    @Test(arguments: [(SmallRun.linear, 18), (.sine, 12), (.text, 12)])
    func withoutANumberItHasAllStepsOfTheRecipe(small: SmallRun, steps: Int) throws {
        let run = try small.make()
        let start = try BenchmarkStart(run.question, data: run.data, seed: 0, steps: nil)
        #expect(start.steps == steps && start.arrays["offsets"]?.shape.first == steps)
    }

    @Test(arguments: [
        (
            "q2", "{hidden: [4], batchSize: 200, epochs: 3, learningRate: 0.01}", 1 << 22,
            "4194304 steps of 200 are more than"
        ),
        ("q2", "{hidden: [4], batchSize: 200, epochs: 3, learningRate: 0.01}", Int.max, "are more than"),
        ("q1", "{}", 1, "not trained in steps of batches"),
    ])
    func whatCannotBeWrittenIsRefused(name: String, configuration: String, steps: Int, cause: String) throws {
        let type = try #require(QuestionCatalog.named(name))
        let question = try QuestionCatalog.make(type, Configuration(parsing: Array(configuration.utf8), file: name))
        let data = try withEmptyFolder { try question.loadData(from: $0) }
        let failure = try #require(throws: Failure.self) {
            try BenchmarkStart(question, data: data, seed: 0, steps: steps)
        }
        #expect(failure.category == .usage)
        #expect(failure.cause?.contains(cause) == true, "\(failure)")
    }
}
