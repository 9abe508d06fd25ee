import Glibc
import Tensors

/// Initial values of parameters: tensors of a shape, drawn from a key where they are random.
///
/// The same shape and key give the same values everywhere. Each random word is used once; a key should be too.
public enum Initialiser {
    /// All 0.
    public static func zeros(_ shape: Shape) -> Tensor {
        Tensor(zeros: shape)
    }

    /// All 1.
    public static func ones(_ shape: Shape) -> Tensor {
        Tensor(repeating: 1, shape: shape)
    }

    /// Uniform in [−bound, bound).
    public static func uniform(_ shape: Shape, bound: Float, key: RandomKey) -> Tensor {
        let tensor = Tensor(zeros: shape)
        let values = tensor.pointer
        forEachWord(shape.count, key) { values[$0] = (Float($1 >> 8) * 0x1p-23 - 1) * bound }
        return tensor
    }

    /// Normal, with mean 0 and the given standard deviation.
    public static func normal(_ shape: Shape, deviation: Float = 1, key: RandomKey) -> Tensor {
        let tensor = Tensor(zeros: shape)
        let values = tensor.pointer
        forEachNormal(shape.count, key) { values[$0] = Float($1) * deviation }
        return tensor
    }

    /// Uniform, such that a layer keeps the variance of what passes (He, Zhang, Ren, Sun, ICCV 2015).
    ///
    /// The bound is gain · √(3 / fan-in), and the fan-in the product of all extents but the first, as of a weight
    /// [out, in, …].
    ///
    /// - Parameter gain: what the activation behind the layer takes away; √2 for ReLU.
    public static func kaimingUniform(_ shape: Shape, gain: Float = Float(2).squareRoot(), key: RandomKey) -> Tensor {
        let fanIn = shape.dimensions.dropFirst().reduce(1, *)
        return uniform(shape, bound: gain * (3 / Float(max(fanIn, 1))).squareRoot(), key: key)
    }

    /// Calls `body` with every index below `count` and a random word of its own.
    private static func forEachWord(_ count: Int, _ key: RandomKey, _ body: (Int, UInt32) -> Void) {
        for block in 0..<(count + 3) / 4 {
            let words = key.words(at: UInt64(block))
            let first = 4 * block
            body(first, words.0)
            if first + 1 < count { body(first + 1, words.1) }
            if first + 2 < count { body(first + 2, words.2) }
            if first + 3 < count { body(first + 3, words.3) }
        }
    }

    /// Calls `body` with every index below `count` and a standard normal number, never 0 (Box, Muller, 1958).
    static func forEachNormal(_ count: Int, _ key: RandomKey, _ body: (Int, Double) -> Void) {
        for pair in 0..<(count + 1) / 2 {
            let words = key.words(at: UInt64(pair))
            let radius = (-2 * log((Double(words.0) + 0.5) * 0x1p-32)).squareRoot()
            let angle = 2 * .pi * ((Double(words.1) + 0.5) * 0x1p-32)
            body(2 * pair, radius * cos(angle))
            if 2 * pair + 1 < count { body(2 * pair + 1, radius * sin(angle)) }
        }
    }
}
