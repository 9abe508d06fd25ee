import Autograd
import Glibc
import Tensors

/// Reads predictions off the scores of a classifier.
enum Predictions {
    /// The number of rows of `logits`, of shape [n, classes], whose largest score is at the label; allocates nothing.
    ///
    /// Of equal scores the first counts, and a row without a number that can be compared is wrong.
    static func countCorrect(_ logits: Tensor, _ labels: Indices) -> Int {
        let classes = logits.shape[-1]
        var correct = 0
        var row = UnsafePointer(logits.pointer)
        for example in 0..<labels.count {
            if largest(row, classes) == Int(labels.pointer[example]) { correct += 1 }
            row += classes
        }
        return correct
    }

    /// The index of the largest of some scores, the first of equals; −1 if none is greater than −∞.
    static func largest(_ scores: UnsafePointer<Float>, _ count: Int) -> Int {
        var best = -1
        var height = -Float.infinity
        for index in 0..<count where scores[index] > height {
            best = index
            height = scores[index]
        }
        return best
    }

    /// The probabilities of every row of scores: softmax over the last axis.
    static func probabilities(_ logits: Tensor) -> [[Float]] {
        let classes = logits.shape[-1]
        let values = logits.values
        return stride(from: 0, to: values.count, by: classes).map { start in
            softmax(values[start..<start + classes])
        }
    }

    /// exp(x − max) over its sum, in double precision.
    static func softmax(_ scores: ArraySlice<Float>) -> [Float] {
        let height = scores.max() ?? 0
        let weights = scores.map { exp(Double($0 - height)) }
        let sum = weights.reduce(0, +)
        return weights.map { Float($0 / sum) }
    }
}
