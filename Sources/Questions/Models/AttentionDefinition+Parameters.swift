import NeuralNetworks
import Tensors

extension AttentionDefinition {
    /// Takes the three linear layers from the parameters of an attention: weights [3·d, d], biases [3·d], Q before K
    /// before V.
    init(_ parameters: [Parameter]) {
        let weight = parameters[0].variable.value.rows
        let bias = parameters[1].variable.value.values.map { Double($0) }
        let width = weight.count / 3
        let maps = (0..<3).map { part in
            let rows = part * width..<(part + 1) * width
            return LinearMap(weight: Array(weight[rows]), bias: Array(bias[rows]))
        }
        (query, key, value) = (maps[0], maps[1], maps[2])
    }
}
