import Autograd
import NeuralNetworks
import Tensors

/// Linear layers with ReLU between them, and none after the last.
struct MultilayerPerceptron: Layer {
    private let layers: Sequential
    var parameters: [Parameter] { layers.parameters }

    /// Builds layers from `inputs` numbers through the hidden widths to `outputs` numbers.
    ///
    /// - Parameter order: how the first layer's weight is kept; `inputsFirst` if inputs are mostly zeros.
    init(
        _ inputs: Int, hidden: [Int], _ outputs: Int, order: Linear.WeightOrder = .outputsFirst, key: RandomKey
    ) {
        let widths = [inputs] + hidden + [outputs]
        layers = Sequential(
            (0..<widths.count - 1).map { index in
                Linear(
                    widths[index], widths[index + 1], activation: index < hidden.count ? .relu : .identity,
                    order: index == 0 ? order : .outputsFirst, key: key.child(UInt64(index)))
            })
    }

    /// From [..., inputs] to [..., outputs].
    func callAsFunction(_ x: Variable) throws -> Variable {
        try layers(x)
    }
}
