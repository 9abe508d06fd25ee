import Foundation
import FoundationXML
import Testing

@testable import Commands

/// What an XML parser finds in a picture.
private final class PictureReader: NSObject, XMLParserDelegate {
    /// The texts, in order.
    private(set) var texts: [String] = []
    /// The extents of rectangles, by class.
    private(set) var widths: [String: [Double]] = [:]
    /// The points of lines, by class.
    private(set) var lines: [String: [String]] = [:]
    private var text: String?

    init(_ svg: String) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        let style = attributes["class"] ?? ""
        switch name {
        case "text": text = ""
        case "rect": widths[style, default: []].append(attributes["width"].flatMap(Double.init) ?? .nan)
        case "polyline": lines[style, default: []].append(attributes["points"] ?? "")
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text? += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard name == "text", let found = text else { return }
        texts.append(found)
        text = nil
    }
}

@Suite struct ChartTests {
    private let bars = BarPanel(
        title: "a < b & \"c\"", axis: "ms a step",
        bars: [
            .init(name: "ours", value: 2, label: "2.00", isOurs: true),
            .init(name: "theirs", value: 8, label: "8.00 (4×)", isOurs: false),
            .init(name: "broken", value: .nan, label: "-", isOurs: false),
        ])

    @Test func barsHaveTheirLabelsAndLengths() throws {
        let chart = Chart(title: "Title", notes: ["a note"], panels: [.bars(bars)])
        let picture = try PictureReader(chart.svg())
        for text in ["Title", "a note", "a < b & \"c\"", "ours", "theirs", "broken", "2.00", "8.00 (4×)", "ms a step"] {
            #expect(picture.texts.contains(text), "\(text)")
        }
        let (ours, others) = (try #require(picture.widths["ours"]), try #require(picture.widths["other"]))
        #expect(ours.count == 1 && others.count == 2)
        #expect(abs(others[0] / ours[0] - 4) < 0.01 && others[1] == 1)
    }

    @Test func linesHaveAPointForEveryNumber() throws {
        let panel = LinePanel(
            title: "Speed", horizontalAxis: "workers", verticalAxis: "samples a second", places: ["1", "2", "4"],
            series: [
                .init(name: "first", values: [1000, 2000, nil]), .init(name: "second", values: [500, .infinity, 3000]),
            ])
        let picture = try PictureReader(Chart(title: "T", notes: [], panels: [.lines(panel)]).svg())
        for text in ["Speed", "workers", "samples a second", "1", "2", "4", "first", "second", "0", "3,000"] {
            #expect(picture.texts.contains(text), "\(text)")
        }
        // The first line of each class is that of the legend.
        let first = (picture.lines["line series0"] ?? []).map { $0.split(separator: " ").count }
        let second = (picture.lines["line series1"] ?? []).map { $0.split(separator: " ").count }
        #expect(first == [2, 2] && second == [2, 2])
    }

    @Test func emptyPanelsAreDrawn() throws {
        let panels: [Chart.Panel] = [
            .bars(BarPanel(title: "none", axis: "s", bars: [])),
            .lines(LinePanel(title: "no lines", horizontalAxis: "x", verticalAxis: "y", places: [], series: [])),
        ]
        let picture = try PictureReader(Chart(title: "T\u{1}\n", notes: [""], panels: panels).svg())
        #expect(picture.texts.contains("none") && picture.texts.contains("no lines"))
    }

    @Test(
        arguments: [
            (0.0, 1.0, 0), (0.7, 0.8, 1), (3, 3, 0), (4.2, 5, 0), (9, 10, 0), (1234, 1500, 0), (0.012, 0.015, 3),
            (1e-9, 1e-9, 10), (.nan, 1, 0), (.infinity, 1, 0),
        ] as [(Double, Double, Int)])
    func ticksAreRound(maximum: Double, last: Double, places: Int) throws {
        let ticks = Chart.ticks(to: maximum)
        #expect(ticks.values.first == 0 && abs((ticks.values.last ?? -1) - last) < last * 1e-9)
        #expect(ticks.places == places && (2...6).contains(ticks.values.count))
    }

    @Test func longTextsAreBroken() {
        let text = "use 2: 4 are slower because of many things"
        let lines = Drawing.lines(of: text, width: 80)
        #expect(lines.joined(separator: " ") == text && lines.count > 3)
        #expect(lines.allSatisfy { Drawing.width(of: $0) <= 80 })
        #expect(Drawing.lines(of: "unbreakable", width: 5) == ["unbreakable"])
    }

    @Test func theReportsOfBenchmarksAreDrawn() throws {
        let comparison = PeersReport.Comparison(
            recipe: "q3", title: "a network", unit: "ms a step", steps: 10, batchSize: 4, data: "made",
            [("Lockstep, 2 workers", true, [("L", 2, 1)]), ("PyTorch, 1 thread", false, [("P", 4, 1)])])
        let report = PeersReport(seed: 0, cores: 2, rounds: 1, comparisons: [comparison])
        let picture = try PictureReader(report.chart.svg())
        for text in ["q3: a network", "Lockstep, 2 workers", "PyTorch, 1 thread", "2.00", "4.00 (2.00×)"] {
            #expect(picture.texts.contains(text), "\(text)")
        }
    }
}
