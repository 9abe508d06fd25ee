import Autograd
import Tensors
import Testing

/// A reproducible number in (−1, 1) that differs from place to place.
func sample(_ index: Int, _ salt: Int) -> Float {
    RandomKey(seed: UInt64(salt)).uniform(at: UInt64(index)) * 2 - 1
}

/// A tensor of reproducible numbers in (low, high).
func sampleTensor(_ shape: Shape, _ salt: Int, in range: ClosedRange<Float> = -1...1) -> Tensor {
    Tensor(
        (0..<shape.count).map { (sample($0, salt) + 1) / 2 * (range.upperBound - range.lowerBound) + range.lowerBound },
        shape: shape)
}

/// A leaf of reproducible numbers that requires a gradient.
func leaf(_ shape: Shape, _ salt: Int, in range: ClosedRange<Float> = -1...1) -> Variable {
    Variable(sampleTensor(shape, salt, in: range), requiresGradient: true)
}

/// Checks the gradients of an operation against central differences, and that replays repeat it.
///
/// The loss is the sum over the result times fixed weights. Then the graph is replayed: unchanged leaves must give the
/// same bits, changed ones the same as a new recording.
func expectGradients(
    of leaves: [Variable], step: Float = 0x1p-7, tolerance: Float = 4e-3,
    sourceLocation: SourceLocation = #_sourceLocation, _ record: () throws -> Variable
) throws {
    func loss() throws -> Variable {
        let output = try record()
        return try (output * Variable(sampleTensor(output.shape, 999))).sum()
    }
    let result = try loss()
    let graph = Graph(result)
    graph.backward()
    let gradients = leaves.map(\.gradient.values)
    for (number, leaf) in leaves.enumerated() {
        for index in 0..<leaf.value.count {
            let original = leaf.value.pointer[index]
            leaf.value.pointer[index] = original + step
            graph.forward()
            let above = result.value.item
            leaf.value.pointer[index] = original - step
            graph.forward()
            let below = result.value.item
            leaf.value.pointer[index] = original
            let expected = (above - below) / (2 * step)
            let actual = gradients[number][index]
            #expect(
                abs(actual - expected) <= tolerance * max(1, abs(expected)),
                "leaf \(number), element \(index): \(actual), by differences \(expected)",
                sourceLocation: sourceLocation
            )
        }
    }
    let first = result.value.item
    graph.forward()
    graph.backward()
    graph.backward()
    #expect(leaves.map(\.gradient.values) == gradients, "a replay changed gradients", sourceLocation: sourceLocation)
    for leaf in leaves {
        for index in 0..<leaf.value.count { leaf.value.pointer[index] *= 0.75 }
    }
    graph.forward()
    graph.backward()
    let replayed = result.value.item
    let replayedGradients = leaves.map(\.gradient.values)
    let again = try loss()
    again.backward()
    #expect(replayed == again.value.item, "a replay differs from a recording", sourceLocation: sourceLocation)
    #expect(
        replayedGradients == leaves.map(\.gradient.values), "a replay differs from a recording",
        sourceLocation: sourceLocation)
    #expect(first.isFinite, sourceLocation: sourceLocation)
}

/// Checks that two lists of numbers agree to a tolerance, relative to numbers above 1.
func expectClose(
    _ actual: [Float], _ expected: [Float], _ tolerance: Float, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual.count == expected.count, comment, sourceLocation: sourceLocation)
    let worst =
        zip(actual, expected).map { pair -> Float in
            if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return 0 }
            let error = abs(pair.0 - pair.1) / max(1, abs(pair.1))
            return error.isNaN ? .infinity : error
        }.max() ?? 0
    #expect(worst <= tolerance, comment, sourceLocation: sourceLocation)
}
