import Autograd
import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Questions

/// The first ten training steps of the real models, against PyTorch's.
@Suite struct GoldenQuestionTests {
    @Test("ten steps equal PyTorch's", arguments: ["linear", "q2", "q3", "q4", "q5", "q6", "q7", "q7-nanogpt"])
    func tenSteps(name: String) throws {
        let golden = try #require(try GoldenFile.questions().cases.first { $0.name == name })
        let (model, recording, load) = try prepare(golden)
        // The only weight that is kept transposed.
        let isTransposed = { (index: Int) in name == "q3" && index == 0 }
        for (index, filled) in golden.parameters.enumerated() {
            let place = model.parameters[index].variable.value
            let initial = Tensor(filled.values, shape: Shape(filled.shape))
            let given = isTransposed(index) ? initial.permuted([1, 0]) : initial
            try #require(place.shape == given.shape)
            place.pointer.update(from: given.values, count: place.count)
        }
        try #require(model.parameters.count == golden.parameters.count)
        let vector = ParameterVector(model.parameters)
        let batch = try recording()
        var optimizer = try optimizer(golden.optimizer, vector.count)
        for step in golden.steps.indices {
            load(batch, step)
            batch.graph.forward()
            batch.graph.backward()
            var scale = 1 / Double(batch.terms)
            let norm = gradientNorm(vector.gradients.pointer, count: vector.count) * scale
            if let clip = golden.clipNorm { scale *= clippingFactor(norm: norm, maximum: clip) }
            let loss = Double(batch.graph.result.value.item) / Double(batch.terms)
            #expect(abs(loss - golden.losses[step]) < 1e-4 * abs(golden.losses[step]), "loss of step \(step)")
            #expect(abs(norm - golden.norms[step]) < 1e-3 * golden.norms[step], "gradient of step \(step)")
            optimizer.step(
                values: vector.values.pointer, gradients: vector.gradients.pointer, count: vector.count,
                rate: golden.rates[step], scale: Float(scale))
        }
        for (index, final) in golden.final.enumerated() {
            let value = model.parameters[index].variable.value
            let values = (isTransposed(index) ? value.permuted([1, 0]) : value).values.prefix(final.compared)
            let norm = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(norm - final.norm) <= 1e-4 * final.norm, "\(final.name)")
            for (value, expected) in zip(values, final.first) {
                #expect(abs(value - expected) <= 1e-4 * Float(final.norm), "\(final.name)")
            }
        }
    }

    @Test func everyCaseIsKnown() throws {
        let names = try GoldenFile.questions().cases.map(\.name)
        #expect(Set(names) == ["linear", "q2", "q3", "q4", "q5", "q6", "q7", "q7-nanogpt"])
    }

    private typealias Prepared = (
        model: any Model, recording: () throws -> Recording, load: (Recording, Int) -> Void
    )

    private func optimizer(_ golden: GoldenFile.Optimizer, _ count: Int) throws -> any Optimizer {
        switch golden.name {
        case "sgd": return SGD(parameterCount: count, weightDecay: Float(golden.weightDecay))
        case "adam": return Adam(parameterCount: count, weightDecay: Float(golden.weightDecay))
        default:
            try #require(golden.name == "adamw")
            return AdamW(parameterCount: count, weightDecay: Float(golden.weightDecay))
        }
    }

    /// Makes the question's model over a data set that holds the batches of all steps one behind another.
    private func prepare(_ golden: GoldenFile.Case) throws -> Prepared {
        let all = golden.steps.flatMap { $0.inputs.first?.values ?? [] }
        let targets = golden.steps.flatMap { $0.inputs.dropFirst().first?.values ?? [] }
        let batch = golden.steps[0].inputs.first?.shape[0] ?? 16
        let count = batch * golden.steps.count
        switch golden.name {
        case "linear", "q2":
            let data = DataSet(made: [
                "x": DataArray(all, shape: [count, all.count / count]), "y": DataArray(targets, shape: [count, 1]),
            ])
            let question: any Question =
                golden.name == "linear"
                ? try makeQuestion(LinearFit.self, plainRecipe)
                : try makeQuestion(SineCurve.self, plainRecipe, "hidden=[64,64]")
            return try batches(question, data, of: batch, length: 0)
        case "q3", "q5":
            let labels = golden.steps.flatMap { $0.indices[0].values }
            let data = DataSet(made: [
                "train_images": DataArray(all, shape: [count, 784]), "train_labels": DataArray(labels, shape: [count]),
                "test_images": DataArray([Float](), shape: [0, 784]), "test_labels": DataArray([Int32](), shape: [0]),
            ])
            let question: any Question =
                golden.name == "q3"
                ? try makeQuestion(Digits.self, plainRecipe, "hidden=[256]")
                : try makeQuestion(Convolution.self, plainRecipe, "hidden=[32]")
            return try batches(question, data, of: batch, length: 0)
        case "q4":
            return try batches(
                makeQuestion(Languages.self, plainRecipe, "hidden=[32]"), words(golden), of: batch, length: 4)
        case "q7":
            return try batches(
                makeQuestion(ShakespeareText.self, plainRecipe, "layerSize=16", "blocks=2", "blockSize=10"),
                text(golden), of: 4, length: 0, distance: 11)
        case "q7-nanogpt":
            return try batches(
                makeQuestion(
                    ShakespeareText.self, plainRecipe, "layerSize=16", "blocks=2", "blockSize=10", "heads=2",
                    "positions=learned", "norm=pre", "mlp=4", "activation=gelu"),
                text(golden), of: 4, length: 0, distance: 11)
        default:
            return try attention(golden, targets)
        }
    }

    /// Step k holds the examples k · batch, …, each `distance` behind the one before.
    private func batches(
        _ question: any Question, _ data: DataSet, of batch: Int, length: Int, distance: Int = 1
    ) throws -> Prepared {
        let model = try question.makeModel(data, key: RandomKey(seed: 0))
        let shape = BatchShape(count: batch, length: length, isTraining: true)
        return (
            model, { try model.record(shape, randomness: Randomness(key: RandomKey(seed: 0))) },
            { recording, step in
                let examples = (0..<batch).map { Int32((step * batch + $0) * distance) }
                examples.withUnsafeBufferPointer { recording.load(.training, $0) }
            }
        )
    }

    private func words(_ golden: GoldenFile.Case) -> DataSet {
        let letters = golden.steps.flatMap { $0.indices[0].values.map { UInt8($0) } }
        let labels = golden.steps.flatMap { $0.indices[1].values }
        let names = Array("a\nb\nc\nd\ne".utf8)
        var arrays = [
            "alphabet": DataArray((0..<47).map { 97 + Int32($0) }, shape: [47]),
            "languages": DataArray(names, shape: [names.count]),
        ]
        for part in ["train", "dev", "test"] {
            arrays["\(part)_letters"] = DataArray(letters, shape: [labels.count, 4])
            arrays["\(part)_lengths"] = DataArray([Int32](repeating: 4, count: labels.count), shape: [labels.count])
            arrays["\(part)_labels"] = DataArray(labels, shape: [labels.count])
        }
        return DataSet(made: arrays)
    }

    /// Every window of 10 characters and the one that follows its last, one behind another.
    private func text(_ golden: GoldenFile.Case) -> DataSet {
        var codes: [UInt8] = []
        for step in golden.steps {
            for start in stride(from: 0, to: 40, by: 10) {
                codes += step.indices[0].values[start..<start + 10].map { UInt8($0) }
                codes.append(UInt8(step.indices[1].values[start + 9]))
            }
        }
        return DataSet(made: [
            "train_text": DataArray(codes, shape: [codes.count]),
            "validation_text": DataArray(codes, shape: [codes.count]),
            "vocabulary": DataArray((0..<65).map { 60 + Int32($0) }, shape: [65]),
        ])
    }

    /// Attention is not trained in the course; here its result is fitted to the second input.
    private func attention(_ golden: GoldenFile.Case, _ targets: [Float]) throws -> Prepared {
        let shape = Shape(golden.steps[0].inputs[0].shape)
        let model = AttentionModel(blockSize: shape[1], layerSize: shape[2], key: RandomKey(seed: 0))
        let (x, y) = (Variable(Tensor(zeros: shape)), Variable(Tensor(zeros: shape)))
        return (
            model,
            {
                let loss = try model.attention(x).meanSquaredError(y, reduction: .sum)
                return Recording(graph: Graph(loss), terms: shape.count) { _, _ in }
            },
            { _, step in
                for (leaf, filled) in zip([x, y], golden.steps[step].inputs) {
                    leaf.value.pointer.update(from: filled.values, count: shape.count)
                }
            }
        )
    }
}
