import Autograd
import Datasets
import Glibc
import Tensors

extension CharacterGPT {
    /// Whether predictions look only back, training taught something, and text can be written from a prompt.
    func checks() throws -> [Check] {
        [
            Check("a prediction does not depend on later characters", passed: try looksOnlyBack()),
            Check("the loss on training text is below that of guessing", passed: try trainingLoss() < guessing),
            Check("text is written on from a prompt", passed: try writes()),
        ]
    }

    /// The loss of giving every character the same probability.
    var guessing: Double { log(Double(vocabulary.count)) }

    private func looksOnlyBack() throws -> Bool {
        let key = RandomKey(seed: 0).child("text checks")
        var codes = (0..<blockSize).map { Int32(key.integer(below: vocabulary.count, at: UInt64($0))) }
        let before = try logits(Indices(codes, shape: [1, blockSize])).value.values
        codes[blockSize - 1] = (codes[blockSize - 1] + 1) % Int32(vocabulary.count)
        let after = try logits(Indices(codes, shape: [1, blockSize])).value.values
        let earlier = (blockSize - 1) * vocabulary.count
        return before[..<earlier] == after[..<earlier] && before[earlier...] != after[earlier...]
    }

    private func trainingLoss() throws -> Double {
        guard let text = texts[.training] else { preconditionFailure("no text to train on") }
        let examples = Array(stride(from: 0, to: Int32(min(text.count, 640)), by: 10))
        let recording = try record(
            BatchShape(count: examples.count, length: 0, isTraining: false),
            randomness: Randomness(key: RandomKey(seed: 0)))
        examples.withUnsafeBufferPointer { recording.load(.training, $0) }
        recording.graph.forward()
        return Double(recording.graph.result.value.item) / Double(recording.terms)
    }

    private func writes() throws -> Bool {
        let prompt = vocabulary.decode(0..<UInt8(min(3, vocabulary.count)))
        let text = try generate(prompt, length: 2 * blockSize, key: RandomKey(seed: 0)).unicodeScalars
        return text.starts(with: prompt.unicodeScalars) && text.count == prompt.unicodeScalars.count + 2 * blockSize
    }
}
