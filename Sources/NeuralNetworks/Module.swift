import Autograd

/// Something with parameters: a layer, or a model made of layers.
public protocol Module {
    /// The parameters in the order of their declaration, each of them once.
    var parameters: [Parameter] { get }
}

extension Module {
    /// Puts a name before those of all parameters, as in `hidden.weight`, and returns the module.
    ///
    /// A module that holds others names each of them once, from the inside out:
    /// `let hidden = Linear(784, 256, key: key).named("hidden")`.
    @discardableResult
    public func named(_ name: String) -> Self {
        for parameter in parameters { parameter.name = "\(name).\(parameter.name)" }
        return self
    }

    /// The number of parameters, counted as single numbers.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + $1.shape.count }
    }
}

/// A module that makes one variable of another.
///
/// Calling it records operations. Not thread-safe: layers belong to the thread of their graph.
public protocol Layer: Module {
    /// Records the layer's operations on `x` and returns their result.
    ///
    /// - Throws: `ShapeError` if the layer does not take the shape of `x`.
    func callAsFunction(_ x: Variable) throws -> Variable
}
