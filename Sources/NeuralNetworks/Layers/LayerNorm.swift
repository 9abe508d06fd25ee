import Autograd
import Tensors

/// Layer normalisation of the last axis, with a learned scale and shift (Ba, Kiros, Hinton, arXiv:1607.06450).
///
/// Parameters: `weight` [width], which starts at 1, and `bias` [width], which starts at 0.
public struct LayerNorm: Layer {
    /// The scale, [width].
    public let weight: Parameter
    /// The shift, [width].
    public let bias: Parameter
    private let epsilon: Float

    /// Creates a normalisation of rows of `width` numbers; `epsilon` is added to their variance.
    public init(_ width: Int, epsilon: Float = 1e-5) {
        weight = Parameter("weight", Initialiser.ones([width]))
        bias = Parameter("bias", Initialiser.zeros([width]))
        self.epsilon = epsilon
    }

    /// The weight, then the bias.
    public var parameters: [Parameter] { [weight, bias] }

    /// From [.., width] to the same shape.
    public func callAsFunction(_ x: Variable) throws -> Variable {
        try x.layerNorm(weight: weight.variable, bias: bias.variable, epsilon: epsilon)
    }

    /// The norm of x + residual, both [.., width].
    public func callAsFunction(_ x: Variable, adding residual: Variable) throws -> Variable {
        try x.layerNorm(adding: residual, weight: weight.variable, bias: bias.variable, epsilon: epsilon)
    }
}
