import Autograd
import Datasets
import Diagnostics
import Tensors

extension CharacterGPT {
    /// Writes on from a prompt, one character after another.
    ///
    /// Each character is drawn from softmax(scores / temperature) over the likeliest `topK`, given the last `blockSize`
    /// characters of the text so far. The same key gives the same text.
    ///
    /// - Parameters:
    ///   - prompt: one or more characters of the vocabulary; may be shorter than a block.
    ///   - length: the number of characters to add.
    ///   - temperature: below 1 bolder, above 1 more varied; 0 always takes the likeliest character.
    ///   - topK: the number of characters to choose from; nil for all.
    ///   - key: what the draws are made from.
    /// - Returns: the prompt and what follows it.
    /// - Throws: `Failure` of category usage, if the prompt is empty or has characters that are not in the vocabulary,
    ///   or a number is out of range.
    public func generate(
        _ prompt: String, length: Int, temperature: Double = 1, topK: Int? = nil, key: RandomKey
    ) throws -> String {
        guard length >= 0 else { throw refusal("length", "\(length) is negative", "give 0 or more") }
        guard temperature >= 0, temperature.isFinite else {
            throw refusal("temperature", "\(temperature) is not a number from 0 up", "0.8 is a good start")
        }
        if let topK, topK < 1 { throw refusal("top-k", "\(topK) leaves nothing to choose from", "give 1 or more") }
        guard !prompt.isEmpty else { throw refusal("prompt", "it is empty", "give one or more characters") }
        var text = try vocabulary.encode(prompt)
        var writers: [Int: (characters: Indices, graph: Graph)] = [:]
        for step in 0..<length {
            let seen = min(text.count, blockSize)
            let writer = try writers[seen] ?? recordWriter(seen)
            writers[seen] = writer
            for position in 0..<seen { writer.characters.pointer[position] = Int32(text[text.count - seen + position]) }
            writer.graph.forward()
            let scores = Array(writer.graph.result.value.values.suffix(vocabulary.count))
            text.append(
                UInt8(choice(scores, temperature: temperature, topK: topK, draw: key.uniform(at: UInt64(step)))))
        }
        return vocabulary.decode(text)
    }

    /// Records the scores after a text of some characters.
    private func recordWriter(_ count: Int) throws -> (characters: Indices, graph: Graph) {
        let characters = Indices(zeros: [1, count])
        return (characters, Graph(try logits(characters)))
    }

    /// The code chosen among scores by a draw in 0..<1.
    private func choice(_ scores: [Float], temperature: Double, topK: Int?, draw: Float) -> Int {
        // Ties go to the lower code, so that the order is the same everywhere.
        let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
        let candidates = order.prefix(temperature == 0 ? 1 : min(topK ?? order.count, order.count))
        guard candidates.count > 1 else { return order[0] }
        let best = scores[order[0]]
        let scaled = candidates.map { Float(Double(scores[$0] - best) / temperature) }
        let probabilities = Predictions.softmax(scaled[...])
        var left = draw
        for (candidate, probability) in zip(candidates, probabilities) {
            left -= probability
            if left < 0 { return candidate }
        }
        return order[0]
    }

    private func refusal(_ place: String, _ cause: String, _ remedy: String) -> Failure {
        Failure(.usage, "cannot generate text", at: place, because: cause, remedy: remedy)
    }
}
