import Glibc

/// The strokes of a digit, as lines through points of the unit square (x to the right, y downwards).
struct DigitShape {
    /// A point of the plane.
    struct Point {
        var x: Float
        var y: Float
    }

    /// The lines, each through two or more points.
    let strokes: [[Point]]

    private init(_ strokes: [[Point]]) {
        self.strokes = strokes
    }

    /// A line through some points.
    private static func line(_ points: (Float, Float)...) -> [Point] {
        points.map { Point(x: $0.0, y: $0.1) }
    }

    /// Part of an ellipse between two angles in degrees, clockwise from the right.
    private static func arc(
        _ x: Float, _ y: Float, _ width: Float, _ height: Float, _ from: Double, _ to: Double
    ) -> [Point] {
        let pieces = max(3, Int(abs(to - from) / 30))
        return (0...pieces).map { piece in
            let angle = (from + (to - from) * Double(piece) / Double(pieces)) * .pi / 180
            return Point(x: x + width * Float(cos(angle)), y: y + height * Float(sin(angle)))
        }
    }

    /// The shapes people give each digit.
    static let ofDigit: [[DigitShape]] = [
        [DigitShape([arc(0.5, 0.5, 0.3, 0.45, -90, 270)]), DigitShape([arc(0.5, 0.5, 0.22, 0.42, -60, 305)])],
        [
            DigitShape([line((0.5, 0.05), (0.5, 0.95))]),
            DigitShape([line((0.33, 0.25), (0.52, 0.05), (0.52, 0.95))]),
            DigitShape([line((0.35, 0.22), (0.52, 0.05), (0.52, 0.95)), line((0.3, 0.95), (0.74, 0.95))]),
        ],
        [
            DigitShape([arc(0.5, 0.3, 0.27, 0.25, -170, 30) + line((0.25, 0.93), (0.8, 0.93))]),
            DigitShape([
                arc(0.48, 0.3, 0.27, 0.25, -170, 45) + arc(0.35, 0.85, 0.11, 0.09, -20, -340) + line((0.82, 0.95))
            ]),
        ],
        [
            DigitShape([arc(0.47, 0.28, 0.25, 0.22, -150, 90) + arc(0.47, 0.72, 0.29, 0.23, -90, 150)]),
            DigitShape([line((0.25, 0.07), (0.72, 0.07), (0.45, 0.42)) + arc(0.45, 0.69, 0.28, 0.26, -85, 150)]),
        ],
        [
            DigitShape([line((0.6, 0.05), (0.2, 0.62), (0.82, 0.62)), line((0.62, 0.35), (0.62, 0.95))]),
            DigitShape([line((0.28, 0.08), (0.24, 0.5), (0.72, 0.5)), line((0.72, 0.08), (0.68, 0.95))]),
        ],
        [
            DigitShape([line((0.75, 0.07), (0.32, 0.07), (0.28, 0.45)) + arc(0.46, 0.68, 0.29, 0.26, -110, 150)]),
            DigitShape([
                line((0.32, 0.1), (0.29, 0.45)) + arc(0.46, 0.68, 0.27, 0.26, -100, 140),
                line((0.32, 0.1), (0.76, 0.06)),
            ]),
        ],
        [
            DigitShape([
                line((0.65, 0.05)) + arc(0.62, 0.62, 0.38, 0.5, -130, -180) + arc(0.5, 0.7, 0.26, 0.24, 180, 540)
            ]),
            DigitShape([line((0.45, 0.05), (0.3, 0.4)) + arc(0.48, 0.72, 0.22, 0.22, -180, 170)]),
        ],
        [
            DigitShape([line((0.2, 0.08), (0.78, 0.08), (0.42, 0.95))]),
            DigitShape([line((0.22, 0.2), (0.22, 0.08), (0.78, 0.08), (0.45, 0.95)), line((0.35, 0.5), (0.72, 0.5))]),
        ],
        [
            DigitShape([arc(0.5, 0.28, 0.22, 0.22, 90, 450), arc(0.5, 0.72, 0.27, 0.23, -90, 270)]),
            DigitShape([
                line((0.72, 0.14)) + arc(0.5, 0.27, 0.21, 0.2, -40, -250) + arc(0.5, 0.73, 0.24, 0.22, -60, 230)
                    + line((0.72, 0.2))
            ]),
        ],
        [
            DigitShape([arc(0.48, 0.3, 0.25, 0.24, 0, -360) + line((0.7, 0.5), (0.6, 0.95))]),
            DigitShape([arc(0.48, 0.3, 0.24, 0.24, 10, -340) + arc(0.45, 0.6, 0.27, 0.34, -10, 130)]),
        ],
    ]
}
