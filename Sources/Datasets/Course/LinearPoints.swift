/// The worked example's data: y = 7·x0 + 8·x1 + 3 at the corners of the unit square.
///
/// Arrays: `x` [4, 2] and `y` [4, 1], both float32.
public enum LinearPoints {
    /// Computes the points.
    public static func make() -> DataSet {
        let corners: [(Float, Float)] = [(0, 0), (0, 1), (1, 0), (1, 1)]
        return DataSet(made: [
            "x": DataArray(corners.flatMap { [$0.0, $0.1] }, shape: [4, 2]),
            "y": DataArray(corners.map { 7 * $0.0 + 8 * $0.1 + 3 }, shape: [4, 1]),
        ])
    }
}
