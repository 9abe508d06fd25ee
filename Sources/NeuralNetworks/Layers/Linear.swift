import Autograd
import Tensors

/// A linear layer with an activation behind it: activation(x·Wᵀ + b).
///
/// Parameters: `weight` [outputs, inputs] and, unless left out, `bias` [outputs]; both start uniform in ±1/√inputs, as
/// PyTorch's.
public struct Linear: Layer {
    /// The matrix W, [outputs, inputs].
    public let weight: Parameter
    /// What is added to each row, [outputs]; nil if the layer has no bias.
    public let bias: Parameter?
    private let activation: Activation

    /// Creates a layer from `inputs` numbers to `outputs` numbers.
    ///
    /// - Parameters:
    ///   - inputs: the extent of the last axis of what the layer takes.
    ///   - outputs: the extent of the last axis of what it gives.
    ///   - bias: whether a bias is added.
    ///   - activation: what is applied to the sum, in the same operation.
    ///   - key: what the initial parameters are drawn from.
    public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity, key: RandomKey) {
        let bound = 1 / Float(max(inputs, 1)).squareRoot()
        weight = Parameter(
            "weight", Initialiser.uniform([outputs, inputs], bound: bound, key: key.child("weight")))
        self.bias =
            bias ? Parameter("bias", Initialiser.uniform([outputs], bound: bound, key: key.child("bias"))) : nil
        self.activation = activation
    }

    /// The weight, then the bias.
    public var parameters: [Parameter] { [weight, bias].compactMap { $0 } }

    /// From [.., inputs] to [.., outputs].
    public func callAsFunction(_ x: Variable) throws -> Variable {
        try x.linear(weight: weight.variable, bias: bias?.variable, activation: activation)
    }

    /// From [.., inputs] to [.., outputs], with something of the result's shape added before the activation.
    public func callAsFunction(_ x: Variable, adding residual: Variable) throws -> Variable {
        try x.linear(weight: weight.variable, bias: bias?.variable, adding: residual, activation: activation)
    }
}
