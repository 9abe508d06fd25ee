import Datasets
import Diagnostics
import NeuralNetworks
import Questions
import Tensors
import Training

/// What a training starts from, so that another program can train the same: initial parameters, and the examples of
/// each step.
struct BenchmarkStart {
    /// The most examples of all steps together; 1 GiB of them.
    private static let maximumExamples = 1 << 28

    /// The parameters `p0`, `p1` … in the order of declaration, float32; `offsets`, int32 [steps, batch size], −1 behind
    /// the last example of a short batch; `rates`, float32 [steps], the learning rates.
    let arrays: [String: DataArray]
    /// The number of steps.
    let steps: Int
    /// The number of parameters, counted as tensors.
    var parameterCount: Int { arrays.count - 2 }

    /// Draws parameters and examples as a session of the same seed does.
    ///
    /// - Parameter steps: how many steps; nil for all of the recipe.
    /// - Throws: `Failure(.usage)` if the question is not trained in batches, or there are too many steps.
    init(_ question: any Question, data: DataSet, seed: UInt64, steps: Int?) throws {
        guard case .gradientDescent(let recipe) = question.method else {
            throw Failure(
                .usage, "cannot write the start", at: question.name,
                because: "it is not trained in steps of batches", remedy: "take another question")
        }
        let key = RandomKey(seed: seed)
        let sampler = try question.trainingSampler(data, batchSize: recipe.batchSize, key: key.child("order"))
        let (all, isTooMany) = sampler.batchCount.multipliedReportingOverflow(by: recipe.epochs)
        let steps = steps ?? (isTooMany ? Int.max : all)
        let (count, overflow) = steps.multipliedReportingOverflow(by: recipe.batchSize)
        guard sampler.batchCount > 0, !overflow, count <= Self.maximumExamples else {
            throw Failure(
                .usage, "cannot write the start", at: question.name,
                because: sampler.batchCount > 0
                    ? "\(steps) steps of \(recipe.batchSize) are more than \(Self.maximumExamples) examples"
                    : "there are no training examples", remedy: "take fewer --steps")
        }
        let offsets = Self.examples(of: steps, sampler, batchSize: recipe.batchSize)
        var arrays = ["offsets": DataArray(offsets, shape: [steps, recipe.batchSize])]
        arrays["rates"] = DataArray(
            (0..<steps).map { recipe.rate(step: $0, of: isTooMany ? steps : all) }, shape: [steps])
        let model = try question.makeModel(data, key: key.child("parameters"))
        for (place, parameter) in model.parameters.enumerated() {
            arrays["p\(place)"] = DataArray(parameter.variable.value.values, shape: parameter.shape.dimensions)
        }
        self.arrays = arrays
        self.steps = steps
    }

    /// Writes the start as a safetensors file.
    ///
    /// - Throws: `Failure(.data)` if the file cannot be written.
    func write(of question: String, to path: String) throws {
        try DataSet(arrays: arrays, source: "start of \(question)", sourceSHA256: "").write(to: path)
    }

    private static func examples(of steps: Int, _ sampler: any Sampler, batchSize: Int) -> [Int32] {
        var examples: [Int32] = []
        examples.reserveCapacity(steps * batchSize)
        var order = sampler.order(epoch: 0)
        for step in 0..<steps {
            let (epoch, batch) = step.quotientAndRemainder(dividingBy: sampler.batchCount)
            if step > 0, batch == 0 { order = sampler.order(epoch: epoch) }
            examples += order[batch]
            examples += repeatElement(-1, count: batchSize - order[batch].count)
        }
        return examples
    }
}

extension BenchmarkCommand {
    /// Writes the start of a training.
    ///
    /// - Throws: `Failure`.
    static func writeStart(_ options: StartOptions) throws -> Int32 {
        _ = try OutputFile(options.file, for: "start")
        let (question, _) = try CoordinatorCommand.prepare(options.question, options.configurations)
        let folder = try DataFolder(explicit: options.dataFolder, cache: try DataSetCache())
        let start = try BenchmarkStart(
            question, data: try question.loadData(from: folder), seed: options.seed, steps: options.steps)
        try start.write(of: question.name, to: options.file)
        try StandardStream.output.write(
            "\(options.file): \(start.parameterCount) parameters and the examples of \(start.steps) steps\n")
        return 0
    }
}
