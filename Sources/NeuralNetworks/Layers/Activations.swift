import Autograd

/// max(x, 0), element by element.
public struct ReLU: Layer {
    /// Creates the layer.
    public init() {}

    /// None.
    public var parameters: [Parameter] { [] }

    /// From any shape to the same.
    public func callAsFunction(_ x: Variable) throws -> Variable { x.relu() }
}

/// The hyperbolic tangent, element by element.
public struct Tanh: Layer {
    /// Creates the layer.
    public init() {}

    /// None.
    public var parameters: [Parameter] { [] }

    /// From any shape to the same.
    public func callAsFunction(_ x: Variable) throws -> Variable { x.tanh() }
}

/// The logistic function 1 / (1 + e⁻ˣ), element by element.
public struct Sigmoid: Layer {
    /// Creates the layer.
    public init() {}

    /// None.
    public var parameters: [Parameter] { [] }

    /// From any shape to the same.
    public func callAsFunction(_ x: Variable) throws -> Variable { x.sigmoid() }
}

/// The Gaussian error linear unit x · Φ(x) (Hendrycks, Gimpel, arXiv:1606.08415), element by element.
public struct GELU: Layer {
    private let isApproximate: Bool

    /// Creates the layer; `approximate` takes the form with tanh, else Φ is computed by the error function.
    public init(approximate: Bool = true) { isApproximate = approximate }

    /// None.
    public var parameters: [Parameter] { [] }

    /// From any shape to the same.
    public func callAsFunction(_ x: Variable) throws -> Variable { x.gelu(approximate: isApproximate) }
}

extension Variable {
    /// This variable behind an activation.
    func activated(by activation: Activation) -> Variable {
        switch activation {
        case .identity: self
        case .relu: relu()
        case .tanh: tanh()
        case .gelu(let approximate): gelu(approximate: approximate)
        }
    }
}
