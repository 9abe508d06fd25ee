import Autograd
import NeuralNetworks
import Tensors

/// Checks of causal self-attention against its definition, softmax(mask(Q·Kᵀ/√d))·V.
enum AttentionChecks {
    /// Compares with the definition for block sizes 2, 4 and 16, each with three random widths and batches.
    ///
    /// - Parameter make: builds the attention under test for a width.
    static func all(_ make: (Int) -> any Layer = standard) throws -> [Check] {
        try [2, 4, 16].map { block in
            let key = RandomKey(seed: 0).child("attention checks").child(UInt64(block))
            let agreements = try (0..<3).map { trial in
                let width = 1 + key.integer(below: 24, at: UInt64(2 * trial))
                let batch = 1 + key.integer(below: 6, at: UInt64(2 * trial + 1))
                return try agrees(make(width), [batch, block, width], key: key.child(UInt64(trial)))
            }
            return Check(
                "attention equals the definition, block size \(block), random widths and batches",
                passed: agreements.allSatisfy { $0 })
        }
    }

    private static func standard(_ width: Int) -> any Layer {
        CausalSelfAttention(width, projection: false, key: RandomKey(seed: 0))
    }

    /// Sets the parameters by hand, biases too, and compares one batch of an input shape [batch, block, width].
    private static func agrees(_ attention: any Layer, _ shape: Shape, key: RandomKey) throws -> Bool {
        for (index, parameter) in attention.parameters.enumerated() {
            let values = Tensor.noise(parameter.shape, key: key.child(UInt64(index)))
            parameter.variable.value.pointer.update(from: values.pointer, count: values.count)
        }
        let input = Tensor.noise(shape, key: key.child("input"))
        let output = try attention(Variable(input)).value
        let definition = AttentionDefinition(attention.parameters)
        let expected = (0..<shape[0]).flatMap { example in
            let block = Tensor(
                storage: input.storage, offset: example * shape[1] * shape[2], shape: [shape[1], shape[2]])
            return definition.output(block.rows).flatMap { $0 }
        }
        return output.shape == shape && Check.areClose(output.values, expected)
    }
}
