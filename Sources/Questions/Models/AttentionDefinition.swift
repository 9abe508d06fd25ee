import Glibc
import NeuralNetworks

/// Causal attention of one head written out in double precision, as slowly and plainly as its formula.
struct AttentionDefinition {
    /// x ↦ W·x + b.
    struct LinearMap {
        /// A row for every output.
        let weight: [[Double]]
        /// A number for every output.
        let bias: [Double]

        /// The image of every row of `x`.
        func callAsFunction(_ x: [[Double]]) -> [[Double]] {
            x.map { row in zip(weight, bias).map { weights, bias in dot(weights, row) + bias } }
        }
    }

    /// The linear layer that makes queries of the input.
    let query: LinearMap
    /// The linear layer that makes keys of the input.
    let key: LinearMap
    /// The linear layer that makes values of the input.
    let value: LinearMap

    /// softmax(mask(Q·Kᵀ/√d)) for inputs of one block, a row a position: how much it attends to each of them.
    func weights(_ x: [[Double]]) -> [[Double]] {
        let (queries, keys) = (query(x), key(x))
        return queries.indices.map { position in
            let scores = keys.indices.map { earlier in
                earlier <= position
                    ? dot(queries[position], keys[earlier]) / sqrt(Double(queries[position].count)) : -.infinity
            }
            let height = scores.max() ?? 0
            let powers = scores.map { exp($0 - height) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    /// The weighted sums of the values, a row a position.
    func output(_ x: [[Double]]) -> [[Double]] {
        let values = value(x)
        return weights(x).map { weights in
            values[0].indices.map { column in
                zip(weights, values).reduce(0) { $0 + $1.0 * $1.1[column] }
            }
        }
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
