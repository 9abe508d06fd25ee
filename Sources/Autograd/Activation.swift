/// A function that a linear layer applies to its result in the same pass.
public enum Activation: Sendable, Hashable {
    /// Nothing.
    case identity
    /// max(x, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh
    /// The Gaussian error linear unit, or its approximation with tanh; see `Variable.gelu(approximate:)`.
    case gelu(approximate: Bool)
}
