import Autograd
import NeuralNetworks
import Tensors

/// Linear layers with ReLU between them, and none after the last.
struct MultilayerPerceptron: Layer {
    private let layers: Sequential
    var parameters: [Parameter] { layers.parameters }

    /// Builds layers from `inputs` numbers through the hidden widths to `outputs` numbers.
    init(_ inputs: Int, hidden: [Int], _ outputs: Int, key: RandomKey) {
        let widths = [inputs] + hidden + [outputs]
        layers = Sequential(
            (0..<widths.count - 1).map { index in
                Linear(
                    widths[index], widths[index + 1], activation: index < hidden.count ? .relu : .identity,
                    key: key.child(UInt64(index)))
            })
    }

    /// From [..., inputs] to [..., outputs].
    func callAsFunction(_ x: Variable) throws -> Variable {
        try layers(x)
    }
}
