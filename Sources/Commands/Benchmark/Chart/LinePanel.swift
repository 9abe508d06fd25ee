/// Lines over numbers of workers, which stand side by side at equal distances.
struct LinePanel: Sendable, Equatable {
    /// A line.
    struct Series: Sendable, Equatable {
        /// Its name.
        var name: String
        /// A value for every place of the axis; nil where there is none.
        var values: [Double?]
    }

    /// What stands above it.
    var title: String
    /// What the axis across shows.
    var horizontalAxis: String
    /// What the axis up shows, with its unit.
    var verticalAxis: String
    /// The names of the places across.
    var places: [String]
    /// The lines; more than `Drawing.seriesCount` share styles.
    var series: [Series]

    /// Draws the panel from a height on.
    ///
    /// - Returns: the height at which it ends.
    func draw(on drawing: inout Drawing, from top: Double) -> Double {
        drawing.text(title, x: 20, y: top + 14, style: "heading")
        drawing.text(verticalAxis, x: 20, y: top + 34, style: "note")
        let legendEnd = drawLegend(on: &drawing, y: top + 54)
        let maximum = series.flatMap { $0.values.compactMap { $0 } }.filter(\.isFinite).max() ?? 0
        let (ticks, decimals) = Chart.ticks(to: maximum)
        let names = ticks.map { Chart.name(of: $0, places: decimals) }
        let left = 20 + (names.map { Drawing.width(of: $0) }.max() ?? 0) + 8
        let right = Chart.width - 30
        let (first, height) = (legendEnd + 18, 200.0)
        let bottom = first + height
        let scale = height / (ticks.last ?? 1)
        for (tick, name) in zip(ticks, names) {
            let y = bottom - tick * scale
            drawing.line([(left, y), (right, y)], style: "grid")
            drawing.text(name, x: left - 8, y: y + 4, style: "tick", anchor: "end")
        }
        let distance = (right - left) / Double(max(1, places.count))
        func x(_ place: Int) -> Double { left + (Double(place) + 0.5) * distance }
        for (place, name) in places.enumerated() {
            drawing.text(name, x: x(place), y: bottom + 18, style: "tick", anchor: "middle")
        }
        for (index, series) in series.enumerated() {
            let points = series.values.enumerated().compactMap { place, value in
                value.flatMap { $0.isFinite ? (x: x(place), y: bottom - max(0, $0) * scale) : nil }
            }
            drawing.line(points, style: "line series\(index % Drawing.seriesCount)", hasDots: true)
        }
        drawing.text(horizontalAxis, x: (left + right) / 2, y: bottom + 36, style: "note", anchor: "middle")
        return bottom + 42
    }

    /// Names the lines, in rows.
    ///
    /// - Returns: the height of the last row.
    private func drawLegend(on drawing: inout Drawing, y first: Double) -> Double {
        var (x, y) = (20.0, first)
        for (index, series) in series.enumerated() {
            let width = 34 + Drawing.width(of: series.name)
            if x > 20, x + width > Chart.width - 20 { (x, y) = (20, y + 18) }
            drawing.line([(x, y - 4), (x + 20, y - 4)], style: "line series\(index % Drawing.seriesCount)")
            drawing.text(series.name, x: x + 26, y: y, style: "name")
            x += width + 14
        }
        return y
    }
}
