import Autograd
import Tensors

extension Check {
    /// Whether a loss depends on the input and on the labels: both gradients exist.
    ///
    /// They do if every number of both is finite and not all numbers of one are zero.
    ///
    /// - Parameters:
    ///   - name: the property, as a clause.
    ///   - inputs: leaves that require gradients.
    ///   - labels: a leaf that requires a gradient.
    ///   - loss: a scalar computed from them.
    static func gradientsExist(_ name: String, inputs: [Variable], labels: Variable, loss: Variable) -> Check {
        loss.backward()
        return Check(name, passed: exists(inputs.flatMap { $0.gradient.values }) && exists(labels.gradient.values))
    }

    private static func exists(_ gradient: [Float]) -> Bool {
        gradient.allSatisfy(\.isFinite) && gradient.contains { $0 != 0 }
    }

    /// Whether all numbers of a result are as near to the expected ones as float32 allows.
    static func areClose(_ result: [Float], _ expected: [Double], tolerance: Double = 1e-4) -> Bool {
        result.count == expected.count
            && zip(result, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * (1 + abs($1)) }
    }
}

extension Tensor {
    /// Numbers uniform in −1..<1.
    static func noise(_ shape: Shape, key: RandomKey) -> Tensor {
        Tensor((0..<shape.count).map { 2 * key.uniform(at: UInt64($0)) - 1 }, shape: shape)
    }

    /// One row a label, 1 at the label and 0 elsewhere.
    static func oneHot(_ labels: [Int], classes: Int) -> Tensor {
        Tensor(
            labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } }, shape: [labels.count, classes])
    }
}
