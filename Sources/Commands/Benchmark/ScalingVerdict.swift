import Observing

/// How many workers to use, in a line, with the reason from what was measured.
struct ScalingVerdict {
    /// Times nearer to each other than this part count as equal, and then fewer workers are better.
    static let tolerance = 0.03

    private let cores: Int
    private let runs: [BenchmarkReport.Run]
    private let baseline: Double?

    /// Takes the runs of a report.
    init(_ report: BenchmarkReport) {
        cores = report.cores
        runs = report.runs.filter { $0.workers > 0 && $0.step != nil }.sorted { $0.workers < $1.workers }
        baseline = report.runs.first { $0.workers == 0 }?.step
    }

    /// The fewest workers that are as fast as any.
    private var best: BenchmarkReport.Run? {
        let fastest = runs.compactMap(\.step).min() ?? 0
        return runs.first { ($0.step ?? .infinity) <= fastest * (1 + Self.tolerance) }
    }

    /// The verdict.
    var text: String {
        guard let best, let step = best.step else { return "nothing was measured" }
        var line = "use \(best.workers): "
        if let more = runs.first(where: { $0.workers > best.workers }) {
            line += reason(against: more, best)
        } else if let fewest = runs.first, fewest.workers < best.workers, let slower = fewest.step {
            line +=
                "\(Decimals.text(slower / step, places: 2)) times as fast as \(fewest.workers); "
                + "more were not measured"
        } else {
            line += "no other number was measured"
        }
        if let baseline, baseline < step * (1 - Self.tolerance) {
            line +=
                ". One process without exchange is faster still: "
                + "\(Self.milliseconds(baseline)) ms a step instead of \(Self.milliseconds(step))"
        }
        return line
    }

    private func reason(against more: BenchmarkReport.Run, _ best: BenchmarkReport.Run) -> String {
        guard let step = best.step, let other = more.step else { return "" }
        let verb = more.workers == 1 ? "is" : "are"
        let change =
            other <= step * (1 + Self.tolerance)
            ? "no faster" : "slower (\(Self.milliseconds(other)) ms a step instead of \(Self.milliseconds(step)))"
        var causes: [String] = []
        if more.workers > cores {
            causes.append("\(more.workers) workers share \(cores) core\(cores == 1 ? "" : "s")")
        }
        let parts: [(name: String, part: (BenchmarkReport.Run) -> Double?)] = [
            ("computing takes", \.compute), ("exchange takes", \.exchange), ("reduction takes", \.reduce),
        ]
        let grown = parts.compactMap { name, part -> (text: String, growth: Double)? in
            guard let before = part(best), let after = part(more) else { return nil }
            let text = "\(name) \(Self.milliseconds(after)) ms instead of \(Self.milliseconds(before))"
            return (text, after - before)
        }.max { $0.growth < $1.growth }
        if let grown, grown.growth > 0 { causes.append(grown.text) }
        return "\(more.workers) \(verb) \(change)"
            + (causes.isEmpty ? "" : ", because \(causes.joined(separator: " and "))")
    }

    private static func milliseconds(_ value: Double) -> String { Decimals.text(value, places: 2) }
}
