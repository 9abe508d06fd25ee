/// Horizontal bars, one below another, each with its name before and its value behind it.
struct BarPanel: Sendable, Equatable {
    /// A bar.
    struct Bar: Sendable, Equatable {
        /// Its name.
        var name: String
        /// Its length.
        var value: Double
        /// What stands behind it.
        var label: String
        /// Whether it is one of Lockstep's.
        var isOurs: Bool
    }

    /// What stands above it.
    var title: String
    /// What the axis shows, with its unit.
    var axis: String
    /// The bars from above down.
    var bars: [Bar]

    /// Draws the panel from a height on.
    ///
    /// - Returns: the height at which it ends.
    func draw(on drawing: inout Drawing, from top: Double) -> Double {
        drawing.text(title, x: 20, y: top + 14, style: "heading")
        let left = 20 + (bars.map { Drawing.width(of: $0.name) }.max() ?? 0) + 10
        let labels = (bars.map { Drawing.width(of: $0.label) }.max() ?? 0) + 12
        let width = max(60, Chart.width - 20 - labels - left)
        let (ticks, places) = Chart.ticks(to: bars.map(\.value).filter(\.isFinite).max() ?? 0)
        let scale = width / (ticks.last ?? 1)
        let rowHeight = 24.0
        let first = top + 26
        let bottom = first + Double(bars.count) * rowHeight
        for tick in ticks {
            let x = left + tick * scale
            drawing.line([(x, first), (x, bottom)], style: "grid")
            drawing.text(Chart.name(of: tick, places: places), x: x, y: bottom + 15, style: "tick", anchor: "middle")
        }
        for (index, bar) in bars.enumerated() {
            let y = first + Double(index) * rowHeight
            let length = bar.value.isFinite ? max(0, bar.value) * scale : 0
            drawing.text(bar.name, x: left - 8, y: y + 16, style: "name", anchor: "end")
            drawing.rectangle(
                x: left, y: y + 4, width: max(1, length), height: rowHeight - 8, style: bar.isOurs ? "ours" : "other")
            drawing.text(bar.label, x: left + length + 6, y: y + 16, style: "value")
        }
        drawing.text(axis, x: left + width / 2, y: bottom + 32, style: "note", anchor: "middle")
        return bottom + 38
    }
}
