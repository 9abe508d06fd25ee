import Glibc

/// q2's data: 200 points of the sine, evenly spaced over [−2π, 2π].
///
/// Arrays: `x` [200, 1] and `y` [200, 1], both float32.
public enum Sine {
    /// Computes the points.
    public static func make() -> DataSet {
        let abscissae = (0..<200).map { 2 * Double.pi * (2 * Double($0) / 199 - 1) }
        return DataSet(made: [
            "x": DataArray(abscissae.map { Float($0) }, shape: [200, 1]),
            "y": DataArray(abscissae.map { Float(sin($0)) }, shape: [200, 1]),
        ])
    }
}
