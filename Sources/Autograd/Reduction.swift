/// How a loss over many examples becomes one number.
public enum Reduction: Sendable, Hashable {
    /// The mean over the terms; not a number where there are none.
    case mean
    /// The sum of the terms.
    case sum

    /// The factor that turns a sum over `count` terms into the result.
    func scale(_ count: Int) -> Float {
        self == .mean ? Float(1 / Double(count)) : 1
    }

    /// The result for a sum over `count` terms.
    func result(_ sum: Double, _ count: Int) -> Float {
        self == .mean ? Float(sum / Double(count)) : Float(sum)
    }
}
