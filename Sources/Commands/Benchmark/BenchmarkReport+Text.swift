import Observing

extension BenchmarkReport {
    /// The report as a table for people, with a title and the digest beneath.
    var text: String {
        var rows = [
            [
                "run", "ms a step", "compute", "exchange", "wait", "reduce", "speed-up", "efficiency", "samples/s",
            ]
        ]
        for run in runs {
            func time(_ value: Double?) -> String { value.map { Decimals.text($0, places: 2) } ?? "-" }
            rows.append([
                Run.name(workers: run.workers), time(run.step), time(run.compute), time(run.exchange), time(run.wait),
                time(run.reduce), time(run.speedUp),
                run.efficiency.map { Decimals.text($0 * 100, places: 0) + " %" } ?? "-",
                run.samplesPerSecond.map(Decimals.grouped) ?? "-",
            ])
        }
        let title =
            "\(question): \(steps - warmUpSteps) steps of batch size \(batchSize) in \(shards) shards, "
            + (rounds == 1 ? "1 round, " : "medians of \(rounds) rounds, ") + "\(cores) core\(cores == 1 ? "" : "s"), "
            + (data.synthetic ? "synthetic data" : data.source)
        return title + "\n\n" + TextTable.layOut(rows, rightAligned: Set(1..<rows[0].count))
            + "\nparameters \(parametersSHA256.prefix(12)) after every run\n"
    }
}
