import Autograd
import Tensors

/// Scaled dot-product attention of each position to itself and those before it (Vaswani et al., arXiv:1706.03762).
///
/// One linear layer makes queries, keys and values; every head has its own width / heads columns of each:
/// softmax(mask(Q·Kᵀ/√d))·V with d = width / heads. Parameters: `qkv.weight` [3 · width, width] and `qkv.bias`, rows of
/// Q before K before V, and those of `projection`, a linear layer behind it, if there is one.
public struct CausalSelfAttention: Layer {
    private let qkv: Linear
    private let projection: Linear?
    private let width: Int
    private let heads: Int

    /// Creates an attention.
    ///
    /// - Parameters:
    ///   - width: the extent of the last axis.
    ///   - heads: the number of heads, a divisor of the width.
    ///   - projection: whether a linear layer mixes the heads' results.
    ///   - key: what the initial parameters are drawn from.
    public init(_ width: Int, heads: Int = 1, projection: Bool = true, key: RandomKey) {
        precondition(heads > 0 && width % heads == 0, "\(heads) heads do not divide a width of \(width)")
        self.width = width
        self.heads = heads
        qkv = Linear(width, 3 * width, key: key.child("qkv")).named("qkv")
        self.projection =
            projection ? Linear(width, width, key: key.child("projection")).named("projection") : nil
    }

    /// Those of the queries, keys and values, then those of the projection.
    public var parameters: [Parameter] { qkv.parameters + (projection?.parameters ?? []) }

    /// From [.., positions, width] to the same shape.
    public func callAsFunction(_ x: Variable) throws -> Variable {
        let joined = try joinedHeads(x)
        return try projection?(joined) ?? joined
    }

    /// The same over beginnings, [.., width] with a row for each, with something of the same shape added if wanted.
    public func callAsFunction(
        _ x: Variable, over beginnings: SharedBeginnings, adding residual: Variable? = nil
    ) throws -> Variable {
        let joined = try qkv(x).attention(over: beginnings, heads: heads)
        guard let residual else { return try projection?(joined) ?? joined }
        return try projection?(joined, adding: residual) ?? joined + residual
    }

    /// How much each position of a matrix [positions, width] attends to each, [positions, positions] row by row.
    ///
    /// It is softmax(mask(Q·Kᵀ/√d)), the mean over the heads; allocates.
    public func weights(_ x: Variable) throws -> [Float] {
        let positions = x.shape[0]
        let parts = try split(qkv(x))
        // What attends to the rows of the unit matrix gets the weights themselves.
        let unit = Tensor(zeros: Shape(parts[0].shape.dimensions.dropLast() + [positions]))
        for row in 0..<heads * positions { unit.pointer[row * positions + row % positions] = 1 }
        let all = try Variable.attention(query: parts[0], key: parts[1], value: Variable(unit), causal: true)
            .value.values
        return (0..<positions * positions).map { place in
            (0..<heads).reduce(0) { $0 + all[$1 * positions * positions + place] } / Float(heads)
        }
    }

    /// The results of all heads side by side.
    private func joinedHeads(_ x: Variable) throws -> Variable {
        guard x.shape.rank >= 2, x.shape[-1] == width else {
            throw ShapeError("CausalSelfAttention", [x.shape], "an input needs the shape [.., positions, \(width)]")
        }
        let parts = try split(qkv(x))
        let attended = try Variable.attention(query: parts[0], key: parts[1], value: parts[2], causal: true)
        return try heads == 1 ? attended : attended.movedim(from: -3, to: -2).reshaped(to: x.shape)
    }

    /// Views of queries, keys and values, each [.., positions, width], or [.., heads, positions, width / heads].
    private func split(_ all: Variable) throws -> [Variable] {
        try (0..<3).map { part in
            guard heads > 1 else { return try all.sliced(-1, part * width..<(part + 1) * width) }
            let grouped = Shape(all.shape.dimensions.dropLast() + [3 * heads, width / heads])
            return try all.reshaped(to: grouped).sliced(-2, part * heads..<(part + 1) * heads).movedim(
                from: -2, to: -3)
        }
    }
}
