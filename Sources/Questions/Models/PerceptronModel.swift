import Autograd
import Diagnostics
import NeuralNetworks
import Tensors

/// A line, plane or hyperplane w·x = 0 that separates two classes, learned by the perceptron's rule.
///
/// The dot product is summed in the order of the axes, so that a search gives the same answer wherever it is made.
class PerceptronModel: Model {
    var parameters: [Parameter] { [weight] }
    /// The weight, [1, d].
    let weight: Parameter
    /// The number of examples.
    let count: Int
    private let dimensions: Int
    private let points: [Float]
    private let labels: [Float]

    /// Builds a perceptron over points with labels.
    ///
    /// - Parameters:
    ///   - points: the points, row by row.
    ///   - labels: +1 or −1 for every point.
    ///   - dimensions: the number of axes of a point.
    ///   - weight: the initial weights, as many as axes.
    required init(points: [Float], labels: [Float], dimensions: Int, weight: [Float]) {
        precondition(dimensions > 0 && points.count == labels.count * dimensions && weight.count == dimensions)
        self.points = points
        self.labels = labels
        self.dimensions = dimensions
        count = labels.count
        self.weight = Parameter("weight", Tensor(weight, shape: [1, dimensions]))
    }

    /// The score w·x of a point.
    func score(_ point: UnsafePointer<Float>) -> Float {
        let weight = weight.variable.value.pointer
        var sum: Float = 0
        for axis in 0..<dimensions { sum += weight[axis] * point[axis] }
        return sum
    }

    /// +1 if the score is at least 0, else −1.
    func prediction(_ point: UnsafePointer<Float>) -> Float {
        score(point) >= 0 ? 1 : -1
    }

    func firstMistake(_ split: Split, _ examples: UnsafeBufferPointer<Int32>) -> Int? {
        points.withUnsafeBufferPointer { points in
            let start = points.baseAddress.unsafelyUnwrapped
            return examples.firstIndex { prediction(start + Int($0) * dimensions) != labels[Int($0)] }
        }
    }

    func learn(_ split: Split, mistake: Int32) {
        let weight = weight.variable.value.pointer
        let start = Int(mistake) * dimensions
        for axis in 0..<dimensions { weight[axis] += labels[Int(mistake)] * points[start + axis] }
    }

    /// Records the perceptron criterion: the sum of max(0, −y·(w·x)).
    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let x = Variable(Tensor(zeros: [shape.count, dimensions]))
        let y = Variable(Tensor(zeros: [shape.count, 1]))
        let loss = try (-(x.linear(weight: weight.variable, bias: nil) * y)).relu().sum()
        let (points, labels, width) = (points, labels, dimensions)
        let correct = { [unowned self] in
            (0..<shape.count).count { prediction(x.value.pointer + $0 * width) == y.value.pointer[$0] }
        }
        return Recording(graph: Graph(loss), terms: shape.count, correct: correct) { _, examples in
            for (index, example) in examples.enumerated() {
                for axis in 0..<width { x.value.pointer[index * width + axis] = points[Int(example) * width + axis] }
                y.value.pointer[index] = labels[Int(example)]
            }
        }
    }

    /// Passes over the training examples in order until none is wrong, searching a window at a time.
    ///
    /// The workers of a run share the windows; the result is the same: each update is made at the first mistake.
    ///
    /// - Returns: the number of updates made; nil if `maximumEpochs` passes were not enough.
    @discardableResult
    func train(window: Int, maximumEpochs: Int) -> Int? {
        let order = (0..<Int32(count)).map { $0 }
        var updates = 0
        for _ in 0..<maximumEpochs {
            let before = updates
            var next = 0
            while next < count {
                let end = min(next + window, count)
                let found = order[next..<end].withUnsafeBufferPointer { firstMistake(.training, $0) }
                guard let found else {
                    next = end
                    continue
                }
                learn(.training, mistake: order[next + found])
                updates += 1
                next += found + 1
            }
            if updates == before { return updates }
        }
        return nil
    }
}
