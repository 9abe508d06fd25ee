import Autograd
import NeuralNetworks
import Tensors
import Testing

/// A leaf of reproducible numbers in ±scale that requires a gradient.
func leaf(_ shape: Shape, _ salt: UInt64, scale: Float = 1) -> Variable {
    Variable(Initialiser.uniform(shape, bound: scale, key: RandomKey(seed: salt)), requiresGradient: true)
}

/// Fills parameters with reproducible numbers in ±0.5, or 1 ± 0.5 where they are scales.
func fill(_ parameters: [Parameter], around centre: (Parameter) -> Float = { _ in 0 }) {
    for (number, parameter) in parameters.enumerated() {
        let values = Initialiser.uniform(parameter.shape, bound: 0.5, key: RandomKey(seed: 100 + UInt64(number)))
        for index in 0..<values.count {
            parameter.variable.value.pointer[index] = values.pointer[index] + centre(parameter)
        }
    }
}

/// Checks the gradients of a recorded result with respect to leaves against central differences.
///
/// The loss is the sum of the result times fixed weights, added in double precision for the differences.
func expectGradients(
    of leaves: [(name: String, variable: Variable)], tolerance: Float = 2e-3,
    sourceLocation: SourceLocation = #_sourceLocation, _ record: () throws -> Variable
) throws {
    let output = try record()
    let weights = Initialiser.uniform(output.shape, bound: 1, key: RandomKey(seed: 999))
    let graph = Graph(try (output * Variable(weights)).sum())
    graph.backward()
    let gradients = leaves.map(\.variable.gradient.values)
    func loss() -> Double {
        graph.forward()
        return zip(output.value.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let step: Float = 0x1p-10
    for ((name, leaf), gradient) in zip(leaves, gradients) {
        #expect(gradient.contains { $0 != 0 }, "\(name) has no gradient", sourceLocation: sourceLocation)
        for index in 0..<leaf.value.count {
            let original = leaf.value.pointer[index]
            leaf.value.pointer[index] = original + step
            let above = loss()
            leaf.value.pointer[index] = original - step
            let below = loss()
            leaf.value.pointer[index] = original
            let expected = Float((above - below) / Double(2 * step))
            #expect(
                abs(gradient[index] - expected) <= tolerance * max(1, abs(expected)),
                "\(name)[\(index)]: \(gradient[index]), by differences \(expected)", sourceLocation: sourceLocation)
        }
    }
}

/// Checks a layer's gradients with respect to all its parameters and its input.
func expectGradients(
    of layer: some Layer, input shape: Shape, scale: Float = 1, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let input = leaf(shape, 1, scale: scale)
    let leaves = [("input", input)] + layer.parameters.map { ($0.name, $0.variable) }
    try expectGradients(of: leaves, sourceLocation: sourceLocation) { try layer(input) }
}
