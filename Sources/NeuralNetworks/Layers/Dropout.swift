import Autograd

/// Sets elements to 0 at random while training, and scales the others up (Srivastava et al., JMLR 15, 2014).
public struct Dropout: Layer {
    private let probability: Float
    private let randomness: Randomness

    /// Creates dropout of a probability in 0...1; it passes everything on while `randomness.isEnabled` is false.
    public init(_ probability: Float, randomness: Randomness) {
        precondition((0...1).contains(probability), "dropout with a probability of \(probability)")
        self.probability = probability
        self.randomness = randomness
    }

    /// None.
    public var parameters: [Parameter] { [] }

    /// From any shape to the same.
    public func callAsFunction(_ x: Variable) throws -> Variable {
        x.dropout(probability, randomness: randomness)
    }
}
