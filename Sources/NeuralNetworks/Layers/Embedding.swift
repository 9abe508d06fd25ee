import Autograd
import Tensors

/// A table of learned rows that are looked up by number.
///
/// Parameter: `weight` [count, width]; it starts standard normal, as PyTorch's.
public struct Embedding: Module {
    /// The table, [count, width].
    public let weight: Parameter

    /// Creates a table of `count` rows of `width` numbers, drawn from `key`.
    public init(_ count: Int, _ width: Int, key: RandomKey) {
        weight = Parameter("weight", Initialiser.normal([count, width], key: key.child("weight")))
    }

    /// The table.
    public var parameters: [Parameter] { [weight] }

    /// The rows that the indices name: their shape, followed by the width.
    ///
    /// - Throws: `ShapeError` if an index is not in 0..<count.
    public func callAsFunction(_ indices: Indices) throws -> Variable {
        try Variable.embedding(weight.variable, indices)
    }

    /// The rows for the last symbols of beginnings, a row for each.
    ///
    /// - Throws: `ShapeError` if a symbol is not in 0..<count.
    public func callAsFunction(symbolsOf beginnings: SharedBeginnings) throws -> Variable {
        try Variable.embedding(weight.variable, symbolsOf: beginnings)
    }

    /// The rows for the last positions of beginnings, a row for each.
    ///
    /// - Throws: `ShapeError` if there are more positions than rows.
    public func callAsFunction(positionsOf beginnings: SharedBeginnings) throws -> Variable {
        try Variable.embedding(weight.variable, positionsOf: beginnings)
    }
}
