import Autograd
import Datasets
import NeuralNetworks
import Tensors

/// A network from images, as rows of pixels, to the scores of ten digits, with cross-entropy as its loss.
final class ImageClassifier: Model {
    let parameters: [Parameter]
    /// From pixels [n, width] to scores [n, classes].
    let network: any Layer
    private let splits: [Split: LabelledImages]
    private let width: Int

    /// Builds a classifier from a network and the labelled images of every split there is.
    init(_ network: any Layer, splits: [Split: LabelledImages], width: Int) {
        parameters = network.parameters
        self.network = network
        self.splits = splits
        self.width = width
    }

    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let pixels = Variable(Tensor(zeros: [shape.count, width]))
        let labels = Indices(zeros: [shape.count])
        let logits = try network(pixels)
        let loss = try logits.crossEntropy(labels, reduction: .sum)
        let splits = splits
        let correct = { Predictions.countCorrect(logits.value, labels) }
        return Recording(graph: Graph(loss), terms: shape.count, correct: correct) { split, examples in
            guard let images = splits[split] else { preconditionFailure("no images of split \(split)") }
            images.load(examples, into: pixels.value.pointer)
            for (index, example) in examples.enumerated() { labels.pointer[index] = images.label(example) }
        }
    }

    /// The probabilities of the digits for some examples, a row each; allocates.
    func probabilities(_ split: Split, _ examples: [Int32]) throws -> [[Float]] {
        guard let images = splits[split], !examples.isEmpty else { return [] }
        let pixels = Tensor(zeros: [examples.count, width])
        examples.withUnsafeBufferPointer { images.load($0, into: pixels.pointer) }
        return Predictions.probabilities(try network(Variable(pixels)).value)
    }

    /// The first few validation images of every digit, with what the model makes of them.
    func picture(of split: Split = .validation, perDigit: Int = 12) throws -> Picture? {
        guard let images = splits[split] else { return nil }
        var chosen: [[Int32]] = Array(repeating: [], count: 10)
        for example in 0..<Int32(min(images.count, 2000)) {
            let label = Int(images.label(example))
            if chosen[label].count < perDigit { chosen[label].append(example) }
        }
        let examples = chosen.flatMap { $0 }
        let probabilities = try probabilities(split, examples)
        return .digits(
            zip(examples, probabilities).map { example, row in
                let label = Int(images.label(example))
                return Picture.Digit(
                    pixels: images.images.bytes(images.row(example)), label: label,
                    guess: row.indices.max { row[$0] < row[$1] } ?? 0, probability: row[label])
            })
    }

    /// Whether the loss depends on the input and the labels, for batches of 1, 2 and 4.
    func gradientChecks() throws -> [Check] {
        try [1, 2, 4].map { count in
            let key = RandomKey(seed: 0).child("gradient checks").child(UInt64(count))
            let pixels = Variable(.noise([count, width], key: key), requiresGradient: true)
            let labels = Variable(.oneHot((0..<count).map { $0 * 3 % 10 }, classes: 10), requiresGradient: true)
            let loss = try network(pixels).crossEntropy(targets: labels, reduction: .sum)
            return Check.gradientsExist(
                "the loss depends on input and labels, batch of \(count)", inputs: [pixels], labels: labels, loss: loss)
        }
    }
}
