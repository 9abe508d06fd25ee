import Observing

/// Shapes and texts that become an SVG picture.
///
/// Colours come from a style sheet that follows the reader's light or dark scheme.
struct Drawing {
    private var elements: [String] = []

    /// How wide a character is taken to be, in parts of the size of the type: wide enough for any sans-serif.
    static let characterWidth = 0.58

    private static let style = """
        svg { color-scheme: light dark; }
        .page { fill: #ffffff; }
        text { font-family: system-ui, 'DejaVu Sans', sans-serif; font-size: 12px; fill: #24292f; }
        .title { font-size: 18px; font-weight: 600; }
        .heading { font-size: 14px; font-weight: 600; }
        .note, .tick { fill: #57606a; }
        .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
        .grid { stroke: #d0d7de; stroke-width: 1; }
        .ours, .series0 { fill: #0969da; stroke: #0969da; }
        .other, .series1 { fill: #8c959f; stroke: #8c959f; }
        .series2 { fill: #bc4c00; stroke: #bc4c00; }
        .series3 { fill: #1a7f37; stroke: #1a7f37; }
        .line { fill: none; stroke-width: 2; }
        @media (prefers-color-scheme: dark) {
          .page { fill: #0d1117; }
          text { fill: #e6edf3; }
          .note, .tick { fill: #9198a1; }
          .value { stroke: #0d1117; }
          .grid { stroke: #3d444d; }
          .ours, .series0 { fill: #4493f8; stroke: #4493f8; }
          .other, .series1 { fill: #7d8590; stroke: #7d8590; }
          .series2 { fill: #f0883e; stroke: #f0883e; }
          .series3 { fill: #3fb950; stroke: #3fb950; }
          .line { fill: none; }
        }
        """

    /// The number of different styles of a line.
    static let seriesCount = 4

    /// How wide a text is at most.
    static func width(of text: String, size: Double = 12) -> Double {
        Double(text.count) * size * characterWidth
    }

    /// A text broken between words into lines that fit; a longer word has a line of its own.
    static func lines(of text: String, width: Double) -> [String] {
        text.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, Self.width(of: "\(last) \(word)") <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }

    /// Adds a text; `anchor` is start, middle or end.
    mutating func text(_ text: String, x: Double, y: Double, style: String, anchor: String = "start") {
        elements.append(
            "<text class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\">"
                + "\(Self.escaped(text))</text>")
    }

    /// Adds a filled rectangle.
    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, style: String) {
        elements.append(
            "<rect class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
                + "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\"/>")
    }

    /// Adds a line through points, with a dot at each if wanted.
    mutating func line(_ points: [(x: Double, y: Double)], style: String, hasDots: Bool = false) {
        let path = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
        elements.append("<polyline class=\"\(style)\" points=\"\(path)\"/>")
        guard hasDots else { return }
        let fill = style.replacing("line ", with: "")
        for point in points {
            elements.append(
                "<circle class=\"\(fill)\" cx=\"\(Self.number(point.x))\" cy=\"\(Self.number(point.y))\" r=\"3.5\"/>")
        }
    }

    /// The picture.
    func svg(width: Double, height: Double) -> String {
        let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(Self.number(width)) \(Self.number(height))">
            <style>
            \(Self.style)
            </style>
            <rect class="page" \(size)/>
            \(elements.joined(separator: "\n"))
            </svg>

            """
    }

    /// A text with what XML reserves written out, and without what it forbids.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{fffe}", "\u{ffff}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String { Decimals.text(value, places: 1) }
}
