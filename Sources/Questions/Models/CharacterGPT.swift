import Autograd
import Datasets
import NeuralNetworks
import Tensors

/// A transformer that predicts the next character of a text from those before it.
///
/// Embedding → blocks → layer norm → linear without bias. In the course positions are not embedded: the causal mask is
/// all that tells one from another. With learned positions, a row for each is added to the embedding.
public final class CharacterGPT: Model {
    /// The parameters: embedding, positions, blocks, final norm, scores.
    public let parameters: [Parameter]
    /// The characters there are.
    public let vocabulary: CharacterVocabulary
    /// The number of characters that a prediction sees.
    public let blockSize: Int
    private let embedding: Embedding
    private let positions: Embedding?
    let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let scores: Linear
    let texts: [Split: TextWindows]

    /// The extents of a transformer.
    struct Size: Sendable, Equatable {
        /// The number of characters that a prediction sees.
        let blockSize: Int
        /// The width of every layer.
        let layerSize: Int
        /// The number of blocks.
        let blocks: Int
        /// The form of a block; its heads divide `layerSize`.
        let block: TransformerBlock.Form
        /// Whether positions are embedded.
        let hasPositions: Bool
    }

    /// Builds a transformer over texts.
    init(_ size: Size, vocabulary: CharacterVocabulary, texts: [Split: TextWindows], key: RandomKey) {
        blockSize = size.blockSize
        self.vocabulary = vocabulary
        self.texts = texts
        embedding = Embedding(vocabulary.count, size.layerSize, key: key.child("embedding")).named("embedding")
        positions =
            size.hasPositions
            ? Embedding(size.blockSize, size.layerSize, key: key.child("positions")).named("positions") : nil
        blocks = (0..<size.blocks).map { index in
            TransformerBlock(size.layerSize, size.block, key: key.child("block").child(UInt64(index)))
                .named("blocks.\(index)")
        }
        norm = LayerNorm(size.layerSize).named("norm")
        scores = Linear(size.layerSize, vocabulary.count, bias: false, key: key.child("scores")).named("scores")
        parameters =
            embedding.parameters + (positions?.parameters ?? []) + blocks.flatMap(\.parameters) + norm.parameters
            + scores.parameters
    }

    /// The scores [n, positions, vocabulary] of the next character at every position of texts [n, positions].
    ///
    /// All of it is computed once for each beginning of a text, which texts that begin alike share.
    func logits(_ characters: Indices) throws -> Variable {
        let beginnings = SharedBeginnings(characters)
        var x = try embedded(beginnings)
        for block in blocks { x = try block(x, over: beginnings) }
        return try scores(norm(x)).spread(over: beginnings)
    }

    /// What the first block is given: [.., layer size] with a row for each beginning.
    func embedded(_ beginnings: SharedBeginnings) throws -> Variable {
        let x = try embedding(symbolsOf: beginnings)
        return try positions.map { try x + $0(positionsOf: beginnings) } ?? x
    }

    /// Records windows: every position of each is a term of the loss.
    public func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let window = Shape([shape.count, blockSize])
        let characters = Indices(zeros: window)
        let next = Indices(zeros: window)
        let loss = try logits(characters).crossEntropy(next, reduction: .sum)
        let texts = texts
        let blockSize = blockSize
        return Recording(graph: Graph(loss), terms: window.count) { split, examples in
            guard let text = texts[split] else { preconditionFailure("no text of split \(split)") }
            for (index, example) in examples.enumerated() {
                text.load(
                    example, length: blockSize, characters: characters.pointer + index * blockSize,
                    next: next.pointer + index * blockSize)
            }
        }
    }
}
