import Autograd
import Tensors

/// Flattens every axis but the first, as between a convolution and a linear layer.
public struct Flatten: Layer {
    /// Creates the layer.
    public init() {}

    /// None.
    public var parameters: [Parameter] { [] }

    /// From [n, ..] to [n, the product of the others].
    public func callAsFunction(_ x: Variable) throws -> Variable {
        guard x.shape.rank >= 1 else { throw ShapeError("Flatten", [x.shape], "there is no first axis to keep") }
        return try x.reshaped(to: [x.shape[0], x.shape.dimensions.dropFirst().reduce(1, *)])
    }
}
