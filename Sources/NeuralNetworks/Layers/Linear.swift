import Autograd
import Tensors

/// A linear layer with an activation behind it: activation(x·Wᵀ + b).
///
/// Parameters: `weight` [outputs, inputs], or its transpose, and, unless left out, `bias` [outputs]; both start uniform in
/// ±1/√inputs, as PyTorch's.
public struct Linear: Layer {
    /// How the matrix W is kept.
    public enum WeightOrder: Sendable {
        /// As [outputs, inputs].
        case outputsFirst
        /// As [inputs, outputs]: where inputs are mostly zeros, what a number is multiplied by lies side by side.
        case inputsFirst
    }

    /// The matrix W, [outputs, inputs], or its transpose.
    public let weight: Parameter
    /// What is added to each row, [outputs]; nil if the layer has no bias.
    public let bias: Parameter?
    private let activation: Activation
    private let order: WeightOrder

    /// Creates a layer from `inputs` numbers to `outputs` numbers.
    ///
    /// - Parameters:
    ///   - inputs: the extent of the last axis of what the layer takes.
    ///   - outputs: the extent of the last axis of what it gives.
    ///   - bias: whether a bias is added.
    ///   - activation: what is applied to the sum, in the same operation.
    ///   - order: how W is kept; its initial values are the same.
    ///   - key: what the initial parameters are drawn from.
    public init(
        _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity,
        order: WeightOrder = .outputsFirst, key: RandomKey
    ) {
        let bound = 1 / Float(max(inputs, 1)).squareRoot()
        let initial = Initialiser.uniform([outputs, inputs], bound: bound, key: key.child("weight"))
        self.order = order
        weight = Parameter("weight", order == .outputsFirst ? initial : initial.transposedCopy())
        self.bias =
            bias ? Parameter("bias", Initialiser.uniform([outputs], bound: bound, key: key.child("bias"))) : nil
        self.activation = activation
    }

    /// The weight, then the bias.
    public var parameters: [Parameter] { [weight, bias].compactMap { $0 } }

    /// From [.., inputs] to [.., outputs].
    public func callAsFunction(_ x: Variable) throws -> Variable {
        try x.linear(weight: matrix(), bias: bias?.variable, activation: activation)
    }

    /// From [.., inputs] to [.., outputs], with something of the result's shape added before the activation.
    public func callAsFunction(_ x: Variable, adding residual: Variable) throws -> Variable {
        try x.linear(weight: matrix(), bias: bias?.variable, adding: residual, activation: activation)
    }

    /// W as [outputs, inputs].
    private func matrix() throws -> Variable {
        order == .outputsFirst ? weight.variable : try weight.variable.transposed()
    }
}

extension Tensor {
    /// The transpose of a matrix, in memory of its own.
    fileprivate func transposedCopy() -> Tensor {
        let (rows, columns) = (shape[0], shape[1])
        let copy = Tensor(zeros: [columns, rows])
        for row in 0..<rows {
            for column in 0..<columns { copy.pointer[column * rows + row] = pointer[row * columns + column] }
        }
        return copy
    }
}
