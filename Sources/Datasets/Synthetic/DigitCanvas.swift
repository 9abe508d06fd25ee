import Glibc

/// An image of 28 × 28 on which a digit is drawn.
struct DigitCanvas {
    private typealias Point = DigitShape.Point
    private static let size = 28

    private var ink = [Float](repeating: 0, count: size * size)
    private var noise = [UInt32]()
    private var strength: Float = 1

    /// Draws a digit with a hand of its own.
    mutating func draw(digit: Int, _ stream: inout RandomStream) {
        let shape = stream.choose(DigitShape.ofDigit[digit])
        let angle = Double(stream.bell()) * 0.16
        let (sine, cosine) = (Float(sin(angle)), Float(cos(angle)))
        let shear = 0.12 + 0.2 * stream.bell()
        let width = 20 * stream.uniform(0.75, 1.05)
        let height = 20 * stream.uniform(0.82, 1.05)
        let (left, top) = (14 + 1.3 * stream.bell(), 14 + 1.3 * stream.bell())
        let radius = stream.uniform(0.7, 1.6)
        strength = stream.uniform(0.75, 1)
        for stroke in shape.strokes {
            let points = stroke.map { point -> Point in
                let y = (point.y - 0.5 + 0.025 * stream.bell()) * height
                let x = (point.x - 0.5 + 0.025 * stream.bell()) * width - shear * y
                return Point(x: left + cosine * x - sine * y, y: top + sine * x + cosine * y)
            }
            for (start, end) in zip(points, points.dropFirst()) {
                line(from: start, to: end, radius: radius)
            }
        }
        noise = (0..<Self.size * Self.size / 4).map { _ in stream.word() }
    }

    /// Inks the pixels near a line; the edge fades over one pixel.
    private mutating func line(from start: Point, to end: Point, radius: Float) {
        let reach = radius + 1
        let columns = Self.pixels(min(start.x, end.x) - reach, max(start.x, end.x) + reach)
        let rows = Self.pixels(min(start.y, end.y) - reach, max(start.y, end.y) + reach)
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let scale = 1 / max(dx * dx + dy * dy, 1e-6)
        for row in rows {
            for column in columns {
                let (x, y) = (Float(column) + 0.5 - start.x, Float(row) + 0.5 - start.y)
                let along = min(max((x * dx + y * dy) * scale, 0), 1)
                let (gapX, gapY) = (x - along * dx, y - along * dy)
                let distance = (gapX * gapX + gapY * gapY).squareRoot()
                let amount = min(max(radius + 0.5 - distance, 0), 1)
                let pixel = row * Self.size + column
                ink[pixel] = max(ink[pixel], amount)
            }
        }
    }

    private static func pixels(_ low: Float, _ high: Float) -> Range<Int> {
        let first = min(max(Int(low.rounded(.down)), 0), size)
        return first..<max(first, min(Int(high.rounded(.up)), size))
    }

    /// Writes the image as grey values; inked pixels vary a little, and some others are not quite black.
    func write(to target: UnsafeMutableBufferPointer<UInt8>) {
        for pixel in 0..<target.count {
            let byte = Float(noise[pixel / 4] >> UInt32(pixel % 4 * 8) & 255)
            let grain = ink[pixel] > 0 ? 1 - byte / 2000 : 0
            let speck: Float = byte > 250 ? (byte - 250) * 12 : 0
            target[pixel] = UInt8(min(max(ink[pixel] * strength * 255 * grain + speck, 0), 255))
        }
    }
}
