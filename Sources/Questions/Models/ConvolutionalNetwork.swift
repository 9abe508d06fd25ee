import Autograd
import NeuralNetworks
import Tensors

/// One 3×3 convolution of a 28×28 image, then linear layers on its 26×26 map.
struct ConvolutionalNetwork: Layer {
    private let convolution: Conv2d
    private let classifier: MultilayerPerceptron
    var parameters: [Parameter] { convolution.parameters + classifier.parameters }

    /// Builds the network with hidden layers of the given widths between map and scores.
    init(hidden: [Int], key: RandomKey) {
        convolution = Conv2d(1, 1, kernel: (3, 3), bias: false, key: key.child("convolution"))
            .named("convolution")
        classifier = MultilayerPerceptron(26 * 26, hidden: hidden, 10, key: key.child("classifier"))
            .named("classifier")
    }

    /// The weights of the convolution.
    var picture: Picture { .filters(width: 3, height: 3, [convolution.parameters[0].variable.value.values]) }

    /// From pixels [n, 784] to scores [n, 10].
    func callAsFunction(_ x: Variable) throws -> Variable {
        let map = try convolution(x.reshaped(to: [x.shape[0], 1, 28, 28]))
        return try classifier(map.reshaped(to: [x.shape[0], 26 * 26]))
    }
}
