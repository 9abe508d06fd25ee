import Autograd
import Tensors

/// A two-dimensional convolution of images, in the sense of neural networks: kernels are not mirrored.
///
/// Parameters: `weight` [outputs, inputs, kernel height, kernel width] and, unless left out, `bias` [outputs]; both
/// start uniform in ±1/√(inputs · kernel height · kernel width), as PyTorch's.
public struct Conv2d: Layer {
    /// The kernels, [outputs, inputs, kernel height, kernel width].
    public let weight: Parameter
    /// What is added to each output channel, [outputs]; nil if the layer has no bias.
    public let bias: Parameter?
    private let stride: (Int, Int)
    private let padding: (Int, Int)

    /// Creates a convolution from `inputs` channels to `outputs` channels.
    ///
    /// - Parameters:
    ///   - inputs: the number of channels the layer takes.
    ///   - outputs: the number of channels it gives.
    ///   - kernel: the height and width of the kernels.
    ///   - stride: steps down and across.
    ///   - padding: zeros above and below, and on either side.
    ///   - bias: whether a bias is added.
    ///   - key: what the initial parameters are drawn from.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
        bias: Bool = true, key: RandomKey
    ) {
        let bound = 1 / Float(max(inputs * kernel.0 * kernel.1, 1)).squareRoot()
        let shape: Shape = [outputs, inputs, kernel.0, kernel.1]
        weight = Parameter("weight", Initialiser.uniform(shape, bound: bound, key: key.child("weight")))
        self.bias =
            bias ? Parameter("bias", Initialiser.uniform([outputs], bound: bound, key: key.child("bias"))) : nil
        self.stride = stride
        self.padding = padding
    }

    /// The weight, then the bias.
    public var parameters: [Parameter] { [weight, bias].compactMap { $0 } }

    /// From [n, inputs, h, w] to [n, outputs, (h + 2 · padding − kernel) / stride + 1, likewise].
    public func callAsFunction(_ x: Variable) throws -> Variable {
        try x.conv2d(weight: weight.variable, bias: bias?.variable, stride: stride, padding: padding)
    }
}
