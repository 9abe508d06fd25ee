import Autograd
import Tensors

/// One step of a recurrent network: h′ = activation(x·Wx + b + h·Wh).
///
/// Parameters: `inputWeight` Wx [inputs, hidden], `bias` [hidden], `hiddenWeight` Wh [hidden, hidden]. They stand as the
/// formula multiplies them, so that the product of a one-hot x with Wx is a row of it, and is looked up. All start
/// uniform in ±1/√hidden, as in PyTorch's RNN cell; Wh orthogonal if wanted, so that states keep their length over many
/// steps.
public struct RecurrentCell: Module {
    /// The matrix Wx, [inputs, hidden].
    public let inputWeight: Parameter
    /// What is added at each step, [hidden].
    public let bias: Parameter
    /// The matrix Wh, [hidden, hidden].
    public let hiddenWeight: Parameter
    private let activation: Activation

    /// Creates a cell.
    ///
    /// - Parameters:
    ///   - inputs: the extent of an input, or the number of letters.
    ///   - hidden: the extent of the state.
    ///   - activation: what is applied to the sum.
    ///   - orthogonal: whether Wh starts orthogonal.
    ///   - key: what the initial parameters are drawn from.
    public init(
        _ inputs: Int, _ hidden: Int, activation: Activation = .tanh, orthogonal: Bool = false, key: RandomKey
    ) {
        let bound = 1 / Float(max(hidden, 1)).squareRoot()
        let square: Shape = [hidden, hidden]
        let recurrentKey = key.child("hiddenWeight")
        inputWeight = Parameter(
            "inputWeight", Initialiser.uniform([inputs, hidden], bound: bound, key: key.child("inputWeight")))
        bias = Parameter("bias", Initialiser.uniform([hidden], bound: bound, key: key.child("bias")))
        hiddenWeight = Parameter(
            "hiddenWeight",
            orthogonal
                ? Initialiser.orthogonal(square, key: recurrentKey)
                : Initialiser.uniform(square, bound: bound, key: recurrentKey))
        self.activation = activation
    }

    /// Wx, b, Wh.
    public var parameters: [Parameter] { [inputWeight, bias, hiddenWeight] }

    /// The last state [n, hidden] of n words of as many letters [length, n], each standing for a one-hot input.
    ///
    /// Neighbours that begin alike share what is computed of their beginnings; see `Variable.recurrence`.
    ///
    /// - Throws: `ShapeError` if a letter is not in 0..<inputs, or there is none.
    public func callAsFunction(letters: Indices) throws -> Variable {
        try .recurrence(
            letters, table: inputWeight.variable, weight: hiddenWeight.variable, bias: bias.variable,
            activation: activation)
    }

    /// The next state [n, hidden], from inputs [n, inputs] and a state [n, hidden]; nil stands for zeros.
    ///
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func step(input: Variable, state: Variable?) throws -> Variable {
        try step(product: input.matmul(inputWeight.variable), state)
    }

    /// The next state [n, hidden], from n letters, each standing for a one-hot input, and a state [n, hidden].
    ///
    /// - Throws: `ShapeError` if a letter is not in 0..<inputs, or the shapes do not fit.
    public func step(letters: Indices, state: Variable?) throws -> Variable {
        try step(product: Variable.embedding(inputWeight.variable, letters), state)
    }

    private func step(product: Variable, _ state: Variable?) throws -> Variable {
        guard let state else { return try (product + bias.variable).activated(by: activation) }
        guard state.shape == product.shape else {
            throw ShapeError("RecurrentCell", [product.shape, state.shape], "x·Wx and the state need the same shape")
        }
        return try state.linear(
            weight: hiddenWeight.variable.transposed(), bias: bias.variable, adding: product, activation: activation)
    }
}
