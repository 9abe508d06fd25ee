import Autograd
import NeuralNetworks
import Tensors

/// A block of a transformer: attention, then a linear layer, each added to what it was given and normalised.
///
/// a = attention(x); n₁ = norm(a + x); output = norm(relu(linear(n₁)) + n₁)
struct TransformerBlock: Layer {
    private let attention: CausalSelfAttention
    private let attentionNorm: LayerNorm
    private let linear: Linear
    private let linearNorm: LayerNorm
    let parameters: [Parameter]

    /// Builds a block of a width, which the number of heads must divide.
    init(_ width: Int, heads: Int, key: RandomKey) {
        attention = CausalSelfAttention(width, heads: heads, projection: heads > 1, key: key.child("attention"))
            .named("attention")
        attentionNorm = LayerNorm(width).named("attentionNorm")
        linear = Linear(width, width, activation: .relu, key: key.child("linear")).named("linear")
        linearNorm = LayerNorm(width).named("linearNorm")
        parameters = attention.parameters + attentionNorm.parameters + linear.parameters + linearNorm.parameters
    }

    /// From [batch, positions, width] to the same shape.
    func callAsFunction(_ x: Variable) throws -> Variable {
        let attended = try attentionNorm(attention(x), adding: x)
        return try linearNorm(linear(attended), adding: attended)
    }
}
