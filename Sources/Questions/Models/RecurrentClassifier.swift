import Autograd
import Datasets
import NeuralNetworks
import Tensors

/// A recurrent network from the letters of a word to the scores of languages.
///
/// h₁ = relu(x₁·Wx + b), hᵢ = relu(xᵢ·Wx + b + hᵢ₋₁·Wh), scores = linear(h). A letter x is a one-hot vector, so x·Wx is
/// a row of Wx, which is looked up. The recurrent weights start orthogonal (Le, Jaitly, Hinton, arXiv:1504.00941, start
/// from the identity for the same reason: states then keep their length over many letters).
final class RecurrentClassifier: Model {
    let parameters: [Parameter]
    private let cell: RecurrentCell
    private let output: MultilayerPerceptron
    private let splits: [Split: WordList]
    private let alphabet: Int
    private let languages: Int

    /// Builds the network.
    ///
    /// - Parameters:
    ///   - hidden: the width of the state, then of hidden layers between the last state and the scores.
    ///   - alphabet: the number of letters.
    ///   - languages: the number of languages.
    ///   - splits: the words of every split.
    ///   - key: what the initial parameters are drawn from.
    init(hidden: [Int], alphabet: Int, languages: Int, splits: [Split: WordList], key: RandomKey) {
        cell = RecurrentCell(alphabet, hidden[0], activation: .relu, orthogonal: true, key: key.child("cell"))
            .named("cell")
        output = MultilayerPerceptron(
            hidden[0], hidden: Array(hidden.dropFirst()), languages, key: key.child("output")
        ).named("output")
        parameters = cell.parameters + output.parameters
        self.splits = splits
        self.alphabet = alphabet
        self.languages = languages
    }

    func length(of example: Int32, in split: Split) -> Int {
        words(split).length(example)
    }

    /// The scores [n, languages] of words of one length, given as n letters for every position, [length, n].
    func logits(letters: Indices) throws -> Variable {
        try output(cell(letters: letters))
    }

    /// The same for letters as one-hot vectors, [n, alphabet] for every position.
    func logits(oneHot letters: [Variable]) throws -> Variable {
        var state: Variable?
        for letter in letters { state = try cell.step(input: letter, state: state) }
        guard let state else { preconditionFailure("a word without letters") }
        return try output(state)
    }

    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let letters = Indices(zeros: [shape.length, shape.count])
        let labels = Indices(zeros: [shape.count])
        let logits = try logits(letters: letters)
        let loss = try logits.crossEntropy(labels, reduction: .sum)
        let lists = splits
        let correct = { Predictions.countCorrect(logits.value, labels) }
        return Recording(graph: Graph(loss), terms: shape.count, correct: correct) { split, examples in
            guard let words = lists[split] else { preconditionFailure("no words of split \(split)") }
            for (index, example) in examples.enumerated() {
                for position in 0..<shape.length {
                    letters.pointer[position * shape.count + index] = words.letter(example, position)
                }
                labels.pointer[index] = words.label(example)
            }
        }
    }

    /// The probabilities of the languages for some words of one length, a row each; allocates.
    func probabilities(_ split: Split, _ examples: [Int32]) throws -> [[Float]] {
        guard let first = examples.first else { return [] }
        let words = words(split)
        let length = length(of: first, in: split)
        let letters = Indices(
            (0..<length).flatMap { position in examples.map { words.letter($0, position) } },
            shape: [length, examples.count])
        return Predictions.probabilities(try logits(letters: letters).value)
    }

    /// The words of a split, which must be there.
    func words(_ split: Split) -> WordList {
        guard let words = splits[split] else { preconditionFailure("no words of split \(split)") }
        return words
    }

    /// Whether the loss depends on the letters and the labels, and looking letters up equals multiplying them.
    func checks() throws -> [Check] {
        var checks: [Check] = []
        var agree = true
        for (count, length) in [(1, 1), (2, 1), (2, 6), (4, 8)] {
            let codes = (0..<length).map { position in (0..<count).map { ($0 * 5 + position * 3 + 1) % alphabet } }
            let letters = codes.map { Variable(.oneHot($0, classes: alphabet), requiresGradient: true) }
            let labels = Variable(
                .oneHot((0..<count).map { $0 % languages }, classes: languages), requiresGradient: true)
            let scores = try logits(oneHot: letters)
            let loss = try scores.crossEntropy(targets: labels, reduction: .sum)
            checks.append(
                .gradientsExist(
                    "the loss depends on input and labels, \(count) words of \(length)", inputs: letters,
                    labels: labels, loss: loss))
            let lookedUp = try logits(
                letters: Indices(codes.flatMap { $0.map { Int32($0) } }, shape: [length, count]))
            agree = agree && Check.areClose(lookedUp.value.values, scores.value.values.map { Double($0) })
        }
        return checks + [Check("looking letters up equals multiplying one-hot vectors", passed: agree)]
    }
}
