import Autograd

/// Layers one behind another.
///
/// The parameters of layer number i get the prefix `i.`, as in `0.weight`.
public struct Sequential: Layer {
    /// The layers in the order in which they are applied.
    public let layers: [any Layer]

    /// Creates a chain of layers, which must not belong to another one.
    public init(_ layers: [any Layer]) {
        for (index, layer) in layers.enumerated() { layer.named("\(index)") }
        self.layers = layers
    }

    /// The parameters of all layers in their order.
    public var parameters: [Parameter] { layers.flatMap(\.parameters) }

    /// The result of the last layer on that of the one before, and so on; `x` itself if there is none.
    public func callAsFunction(_ x: Variable) throws -> Variable {
        try layers.reduce(x) { try $1($0) }
    }
}
