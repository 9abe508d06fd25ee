import Autograd
import NeuralNetworks
import Tensors

/// One causal attention of three linear layers; it is not trained.
final class AttentionModel: Model {
    var parameters: [Parameter] { attention.parameters }
    /// The layer under test.
    let attention: CausalSelfAttention
    private let blockSize: Int
    private let layerSize: Int
    private let key: RandomKey

    /// Builds attention for blocks of `blockSize` positions of `layerSize` numbers.
    init(blockSize: Int, layerSize: Int, key: RandomKey) {
        attention = CausalSelfAttention(layerSize, projection: false, key: key.child("attention"))
        self.blockSize = blockSize
        self.layerSize = layerSize
        self.key = key.child("input")
    }

    /// How much each position of a random block attends to those before it.
    func picture() -> Picture {
        let input = Tensor.noise([blockSize, layerSize], key: key)
        let weights = AttentionDefinition(parameters).weights(input.rows)
        return .attention(size: blockSize, weights: weights.flatMap { $0.map { Float($0) } })
    }
}

extension Tensor {
    /// The rows of a matrix in double precision.
    var rows: [[Double]] {
        let values = values.map { Double($0) }
        return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }
}
