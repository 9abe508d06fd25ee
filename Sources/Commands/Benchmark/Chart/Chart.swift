import Observing

/// A chart of benchmarks as an SVG picture: panels one below another, readable on light and dark pages.
struct Chart: Sendable, Equatable {
    /// A part of a chart with axes of its own.
    enum Panel: Sendable, Equatable {
        /// Numbers to compare, as bars.
        case bars(BarPanel)
        /// Numbers that follow from others, as lines.
        case lines(LinePanel)
    }

    /// What stands above everything.
    var title: String
    /// How it was measured, in lines beneath the title.
    var notes: [String]
    /// The parts.
    var panels: [Panel]

    /// The picture's width in pixels.
    static let width = 760.0

    /// The picture as SVG 1.1.
    func svg() -> String {
        var drawing = Drawing()
        drawing.text(title, x: 20, y: 34, style: "title")
        var y = 44.0
        for note in notes.flatMap({ Drawing.lines(of: $0, width: Self.width - 40) }) {
            y += 16
            drawing.text(note, x: 20, y: y, style: "note")
        }
        y += 20
        for panel in panels {
            switch panel {
            case .bars(let bars): y = bars.draw(on: &drawing, from: y)
            case .lines(let lines): y = lines.draw(on: &drawing, from: y)
            }
            y += 24
        }
        return drawing.svg(width: Self.width, height: y)
    }
}

extension Chart {
    /// A number as a tick shows it.
    static func name(of tick: Double, places: Int) -> String {
        places == 0 ? Decimals.grouped(tick) : Decimals.text(tick, places: places)
    }

    /// Round numbers from 0 up to at least a maximum, four to six of them, with the decimal places they need.
    static func ticks(to maximum: Double) -> (values: [Double], places: Int) {
        guard maximum > 0, maximum.isFinite else { return ([0, 1], 0) }
        var unit = 1.0
        while unit > maximum / 4 { unit /= 10 }
        while unit * 10 <= maximum / 4 { unit *= 10 }
        // At 1, 2 or 5 units a step, the steps are at most five.
        let step = [1.0, 2, 5, 10].first { $0 * unit * 5 >= maximum } ?? 10
        var places = 0
        var rest = step * unit
        while rest < 0.999, places < 12 {
            rest *= 10
            places += 1
        }
        let count = Int((maximum / (step * unit)).rounded(.up))
        return ((0...max(1, count)).map { Double($0) * step * unit }, places)
    }
}
