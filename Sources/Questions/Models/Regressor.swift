import Autograd
import Datasets
import NeuralNetworks
import Tensors

/// A network from rows of numbers to numbers, with the squared error as its loss.
final class Regressor: Model {
    let parameters: [Parameter]
    /// From inputs [n, width] to predictions [n, 1].
    let network: any Layer
    /// The inputs of the data set, [n, width].
    let inputs: DataArray
    /// The true values of the data set, [n, 1].
    let targets: DataArray

    /// Builds a regressor over the arrays `x` [n, width] and `y` [n, 1] of a data set.
    ///
    /// - Throws: `Failure` of category data, if the arrays do not fit.
    init(_ network: any Layer, data: DataSet, width: Int) throws {
        parameters = network.parameters
        self.network = network
        inputs = try data.required("x", .float32, shape: [nil, width])
        targets = try data.required("y", .float32, shape: [inputs.shape[0], 1])
    }

    func record(_ shape: BatchShape, randomness: Randomness) throws -> Recording {
        let width = inputs.shape[1]
        let x = Variable(Tensor(zeros: [shape.count, width]))
        let y = Variable(Tensor(zeros: [shape.count, 1]))
        let loss = try network(x).meanSquaredError(y, reduction: .sum)
        let (inputs, targets) = (inputs, targets)
        return Recording(graph: Graph(loss), terms: shape.count) { _, examples in
            let (allInputs, allTargets) = (inputs.floats, targets.floats)
            for (index, example) in examples.enumerated() {
                for column in 0..<width {
                    x.value.pointer[index * width + column] = allInputs[Int(example) * width + column]
                }
                y.value.pointer[index] = allTargets[Int(example)]
            }
        }
    }

    /// The predictions for all inputs of the data set; allocates.
    func predictions() throws -> [Float] {
        let x = Tensor(Array(inputs.floats), shape: Shape(inputs.shape))
        return try network(Variable(x)).value.values
    }

    /// Whether the loss a recording reports is the mean squared error recomputed from the predictions.
    func lossCheck() throws -> Check {
        let examples = (0..<Int32(targets.shape[0])).map { $0 }
        let recording = try record(
            BatchShape(count: examples.count, length: 0, isTraining: false),
            randomness: Randomness(key: RandomKey(seed: 0)))
        examples.withUnsafeBufferPointer { recording.load(.training, $0) }
        recording.graph.forward()
        let reported = recording.graph.result.value.item / Float(recording.terms)
        let squares = zip(try predictions(), targets.floats).map {
            (Double($0) - Double($1)) * (Double($0) - Double($1))
        }
        let expected = squares.reduce(0, +) / Double(squares.count)
        return Check(
            "the reported loss is the mean squared error of the predictions",
            passed: Check.areClose([reported], [expected], tolerance: 1e-5))
    }

    /// Whether the loss depends on the input and the labels, for batches of 1, 2 and 4.
    func gradientChecks() throws -> [Check] {
        try [1, 2, 4].map { count in
            let key = RandomKey(seed: 0).child("gradient checks").child(UInt64(count))
            let x = Variable(.noise([count, inputs.shape[1]], key: key.child(0)), requiresGradient: true)
            let y = Variable(.noise([count, 1], key: key.child(1)), requiresGradient: true)
            let loss = try network(x).meanSquaredError(y, reduction: .sum)
            return Check.gradientsExist(
                "the loss depends on input and labels, batch of \(count)", inputs: [x], labels: y, loss: loss)
        }
    }
}
