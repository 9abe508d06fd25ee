import Questions

extension Raster {
    /// The pixels from one image of a digit to the next.
    private static let pitch = 30
    /// The pixels of one weight of attention, along an edge.
    private static let cell = 16

    /// All digits on one sheet: a row a label, the surest on the right, the wrong ones in red.
    init(digits: [Picture.Digit]) {
        let rows = Dictionary(grouping: digits, by: \.label).sorted { $0.key < $1.key }.map(\.value)
        let columns = rows.map(\.count).max() ?? 0
        self.init(
            width: max(1, columns * Self.pitch), height: max(1, rows.count * Self.pitch),
            Colour(red: 32, green: 32, blue: 48))
        for (row, digits) in rows.enumerated() {
            for (column, digit) in digits.sorted(by: { $0.probability < $1.probability }).enumerated() {
                draw(digit, left: column * Self.pitch + 1, top: row * Self.pitch + 1)
            }
        }
    }

    private mutating func draw(_ digit: Picture.Digit, left: Int, top: Int) {
        for (place, shade) in digit.pixels.prefix(28 * 28).enumerated() {
            let colour =
                digit.guess == digit.label
                ? Colour.grey(shade) : Colour(red: max(96, shade), green: shade / 3, blue: shade / 3)
            self[left + place % 28, top + place / 28] = colour
        }
    }

    /// Weights of attention as shades, a row a position.
    init(attention weights: [Float], size: Int) {
        self.init(width: max(1, size * Self.cell), height: max(1, size * Self.cell), .grey(0))
        for y in 0..<size * Self.cell {
            for x in 0..<size * Self.cell {
                let place = y / Self.cell * size + x / Self.cell
                guard place < weights.count, weights[place].isFinite else { continue }
                self[x, y] = .grey(UInt8(min(max(weights[place], 0), 1) * 255))
            }
        }
    }
}
