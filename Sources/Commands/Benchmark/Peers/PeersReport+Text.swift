import Observing

extension PeersReport {
    /// How it was measured.
    var method: String {
        (rounds == 1 ? "1 round" : "medians of \(rounds) interleaved rounds")
            + ", \(cores) core\(cores == 1 ? "" : "s"), seed \(seed)"
    }

    /// A comparison as a table for people.
    func text(_ comparison: Comparison) -> String {
        let hasMemory = comparison.runs.contains { $0.peakBytes != nil }
        var rows = [["program", comparison.unit, "fastest", "slowest", "times ours"] + (hasMemory ? ["peak MB"] : [])]
        for run in comparison.runs {
            func time(_ value: Double?) -> String { value.map { Decimals.text($0, places: 2) } ?? "-" }
            rows.append(
                [
                    run.name, time(run.time), time(run.rounds.min()), time(run.rounds.max()), time(run.ratio),
                ] + (hasMemory ? [BenchmarkReport.megabytes(run.peakBytes)] : []))
        }
        let programs = comparison.runs.map(\.program).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let steps = comparison.steps.map { "\($0) steps, " } ?? ""
        return "\(comparison.recipe), \(comparison.title): \(steps)\(method), \(comparison.data)\n\n"
            + TextTable.layOut(rows, rightAligned: Set(1..<rows[0].count))
            + "\n\(programs.joined(separator: ", "))\n" + comparison.verdict.map { "\($0)\n" }.joined()
    }

    /// The comparisons as a chart.
    var chart: Chart {
        Chart(
            title: "Lockstep beside PyTorch and JAX",
            notes: ["Shorter is better; \(method). Each panel has its own scale."],
            panels: comparisons.map { comparison in
                .bars(
                    BarPanel(
                        title: "\(comparison.recipe): \(comparison.title)", axis: comparison.unit,
                        bars: comparison.runs.map { run in
                            BarPanel.Bar(
                                name: run.name, value: run.time ?? 0,
                                label: Decimals.text(run.time ?? 0, places: 2)
                                    + (run.isOurs ? "" : " (\(Decimals.text(run.ratio ?? 0, places: 2))×)"),
                                isOurs: run.isOurs)
                        }))
            })
    }
}
