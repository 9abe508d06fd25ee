import Glibc
import Tensors

/// q1's data: 500 points of the plane on either side of the line x1 + 2·x2 − 1 = 0.
///
/// Arrays: `x` [500, 3] float32, two coordinates drawn from the normal distribution and a constant 1; `y` [500, 1]
/// float32, +1 where x1 + 2·x2 − 1 ≥ 0, else −1.
public enum PerceptronPoints {
    /// Draws the points.
    public static func make(key: RandomKey = RandomKey(seed: 0).child("perceptron points")) -> DataSet {
        var x: [Float] = []
        var y: [Float] = []
        for point in 0..<500 {
            let (x1, x2) = normalPair(key, at: UInt64(point))
            x += [x1, x2, 1]
            y.append(x1 + 2 * x2 - 1 >= 0 ? 1 : -1)
        }
        return DataSet(made: ["x": DataArray(x, shape: [500, 3]), "y": DataArray(y, shape: [500, 1])])
    }

    /// Two independent numbers of mean 0 and variance 1 (Box and Muller, 1958).
    private static func normalPair(_ key: RandomKey, at counter: UInt64) -> (Float, Float) {
        let words = key.words(at: counter)
        let radius = (-2 * log((Double(words.0) + 1) * 0x1p-32)).squareRoot()
        let angle = 2 * Double.pi * Double(words.1) * 0x1p-32
        return (Float(radius * cos(angle)), Float(radius * sin(angle)))
    }
}
