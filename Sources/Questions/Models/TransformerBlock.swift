import Autograd
import NeuralNetworks
import Tensors

/// A block of a transformer: attention, then a feed-forward part, each added to what it was given and normalised.
///
/// Norms behind the sums (Vaswani et al., arXiv:1706.03762): n₁ = norm(attention(x) + x), output = norm(f(n₁) + n₁).
/// Norms before the parts (Xiong et al., arXiv:2002.04745): n₁ = attention(norm(x)) + x, output = f(norm(n₁)) + n₁.
/// The part f is act(linear(·)), or linear(act(linear(·))) over a wider layer.
struct TransformerBlock: Module {
    /// Where the norms stand.
    enum NormPlace: String, Sendable, CaseIterable {
        /// Behind each sum.
        case post
        /// Before each part.
        case pre
    }

    /// What is applied in the feed-forward part.
    enum FeedForwardActivation: String, Sendable, CaseIterable {
        /// max(x, 0).
        case relu
        /// The Gaussian error linear unit, by its approximation with tanh, as GPT-2 has it.
        case gelu

        var activation: Activation { self == .relu ? .relu : .gelu(approximate: true) }
    }

    /// The form of a block.
    struct Form: Sendable, Equatable {
        /// The number of heads, a divisor of the width.
        var heads = 1
        /// Where the norms stand.
        var norm = NormPlace.post
        /// How many times as wide the hidden layer of f is; 0 for a single linear layer.
        var expansion = 0
        /// The activation of f.
        var activation = FeedForwardActivation.relu
    }

    private let form: Form
    private let attention: CausalSelfAttention
    private let attentionNorm: LayerNorm
    private let linear: Linear
    private let contraction: Linear?
    private let linearNorm: LayerNorm
    let parameters: [Parameter]

    /// Builds a block of a width.
    init(_ width: Int, _ form: Form, key: RandomKey) {
        self.form = form
        attention = CausalSelfAttention(
            width, heads: form.heads, projection: form.heads > 1, key: key.child("attention")
        ).named("attention")
        attentionNorm = LayerNorm(width).named("attentionNorm")
        let hidden = form.expansion > 0 ? form.expansion * width : width
        linear = Linear(width, hidden, activation: form.activation.activation, key: key.child("linear"))
            .named("linear")
        contraction =
            form.expansion > 0
            ? Linear(hidden, width, key: key.child("contraction")).named("contraction") : nil
        linearNorm = LayerNorm(width).named("linearNorm")
        parameters =
            attention.parameters + attentionNorm.parameters + linear.parameters + (contraction?.parameters ?? [])
            + linearNorm.parameters
    }

    /// From [.., width], a row for each beginning, to the same shape.
    func callAsFunction(_ x: Variable, over beginnings: SharedBeginnings) throws -> Variable {
        switch form.norm {
        case .post:
            let attended = try attentionNorm(attention(x, over: beginnings), adding: x)
            let hidden = try linear(attended)
            return try linearNorm(contraction?(hidden) ?? hidden, adding: attended)
        case .pre:
            let attended = try attention(attentionNorm(x), over: beginnings, adding: x)
            let hidden = try linear(linearNorm(attended))
            return try contraction?(hidden, adding: attended) ?? hidden + attended
        }
    }

    /// How much each position of an input [positions, width] attends to each, row by row; the mean over the heads.
    func attentionWeights(_ x: Variable) throws -> [Float] {
        try attention.weights(form.norm == .pre ? attentionNorm(x) : x)
    }
}
