import Datasets
import Diagnostics
import NeuralNetworks
import Tensors

/// q7: the next character of Shakespeare's plays, by a transformer.
///
/// Training draws windows at random offsets of the first nine tenths of the text; validation is the last tenth, in
/// windows one behind another.
public struct ShakespeareText: Question {
    /// The word for it on the command line.
    public static let name = "q7"
    /// What is learned.
    public static let title = "character GPT: the next letter of Shakespeare"
    /// It is not graded.
    public static let possiblePoints = 0

    /// Gradient descent on cross-entropy.
    public let method: Method
    /// A validation loss below that of guessing among 65 characters, ln 65: there are no points to win.
    public let goal = Goal(.loss, threshold: 4.174, test: .validation)
    private let size: CharacterGPT.Size
    private let stepsPerEpoch: Int

    /// Whether positions are embedded.
    private enum Positions: String, CaseIterable {
        case none
        case learned
    }

    /// Reads the recipe, `stepsPerEpoch`, and the transformer.
    ///
    /// Its extents are `blockSize`, `layerSize`, `blocks` and `heads`; its form, that of the course by default, is
    /// `positions`, `norm`, `mlp` (how many times as wide the hidden layer of a block is; 0 for none) and `activation`.
    public init(_ configuration: inout ConfigurationReader) throws {
        let form = TransformerBlock.Form(
            heads: try configuration.integer("heads", in: 1...64, default: 1),
            norm: try configuration.word("norm", default: .post),
            expansion: try configuration.integer("mlp", in: 0...16, default: 0),
            activation: try configuration.word("activation", default: .relu))
        size = CharacterGPT.Size(
            blockSize: try configuration.integer("blockSize", in: 1...1024, default: 10),
            layerSize: try configuration.integer("layerSize", in: 1...4096, default: 100),
            blocks: try configuration.integer("blocks", in: 1...64, default: 6),
            block: form, hasPositions: try configuration.word("positions", default: Positions.none) == .learned)
        guard size.layerSize % form.heads == 0 else {
            throw Failure(
                .usage, "wrong value", at: "heads",
                because: "\(form.heads) does not divide layerSize \(size.layerSize)",
                remedy: "take a divisor")
        }
        stepsPerEpoch = try configuration.integer("stepsPerEpoch", in: 1...1_000_000, default: 100)
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Reads the text, or makes one where the file is missing.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        try Shakespeare.load(from: folder)
    }

    /// One example for every offset of the training text, and for every block of the validation text.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        try texts(data)[split]?.count ?? 0
    }

    /// Random offsets, `stepsPerEpoch` batches of them an epoch; in a batch, windows that begin alike are neighbours.
    public func trainingSampler(_ data: DataSet, batchSize: Int, key: RandomKey) throws -> any Sampler {
        guard let windows = try texts(data)[.training] else { preconditionFailure("no text to train on") }
        let length = size.blockSize
        return SortedSampler(
            WindowSampler(count: windows.count, batchSize: batchSize, batchesPerEpoch: stepsPerEpoch, key: key)
        ) { SortedSampler.key(windows.characters(of: $0, length: length)) }
    }

    /// A transformer over the characters of the text.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        try CharacterGPT(size, vocabulary: CharacterVocabulary(data), texts: try texts(data), key: key)
    }

    /// Predictions look only back, the loss has fallen, and text is generated.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        try model.cast(to: CharacterGPT.self).checks()
    }

    /// A sample of text, and what the first block attends to in its prompt.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        let model = model.cast(to: CharacterGPT.self)
        let prompt =
            "Pacman".unicodeScalars.allSatisfy(model.vocabulary.characters.contains)
            ? "Pacman" : model.vocabulary.decode([0])
        return [
            .text(try model.generate(prompt, length: 200, temperature: 0.8, key: RandomKey(seed: 0))),
            try model.attentionPicture(prompt),
        ]
    }

    private func texts(_ data: DataSet) throws -> [Split: TextWindows] {
        let count = try CharacterVocabulary(data).count
        return [
            .training: try TextWindows(
                "train_text", of: data, vocabulary: count, length: size.blockSize, stride: 1),
            .validation: try TextWindows(
                "validation_text", of: data, vocabulary: count, length: size.blockSize, stride: size.blockSize),
        ]
    }
}
