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
        return "\(question): \(method)\n\n" + TextTable.layOut(rows, rightAligned: Set(1..<rows[0].count))
            + "\nparameters \(parametersSHA256.prefix(12)) after every run\n" + weakText + trainingText
            + (verdict.map { "\n\($0)\n" } ?? "")
    }

    /// How it was measured.
    var method: String {
        "\(steps - warmUpSteps) steps of batch size \(batchSize) in \(shards) shards, "
            + (rounds == 1 ? "1 round, " : "medians of \(rounds) rounds, ") + "\(cores) core\(cores == 1 ? "" : "s"), "
            + (data.synthetic ? "synthetic data" : data.source)
    }

    private var weakText: String {
        guard let weak else { return "" }
        var rows = [["fixed batch a worker", "batch", "ms a step", "efficiency", "samples/s"]]
        for run in weak {
            rows.append([
                Run.name(workers: run.workers), "\(run.batchSize)",
                run.step.map { Decimals.text($0, places: 2) } ?? "-",
                run.efficiency.map { Decimals.text($0 * 100, places: 0) + " %" } ?? "-",
                run.samplesPerSecond.map(Decimals.grouped) ?? "-",
            ])
        }
        return "\n" + TextTable.layOut(rows, rightAligned: Set(1..<rows[0].count))
    }

    private var trainingText: String {
        guard let trainings else { return "" }
        var rows = [["training to the end", "seconds", "to the threshold", ""]]
        for run in trainings {
            rows.append([
                Run.name(workers: run.workers), run.seconds.map { Decimals.text($0, places: 2) } ?? "-",
                run.secondsToThreshold.map { Decimals.text($0, places: 2) } ?? "-", run.passed ? "passed" : "missed",
            ])
        }
        return "\n" + TextTable.layOut(rows, rightAligned: [1, 2])
    }

    /// Where the time of a step goes, as a table for people.
    var stepText: String {
        let counts = runs.contains { $0.allocations != nil }
        var rows = [
            ["run", "ms a step", "compute", "exchange", "reduce", "other", "wait", "first step ms", "peak MB"]
                + (counts ? ["allocations"] : [])
        ]
        for run in runs {
            func time(_ value: Double?) -> String { value.map { Decimals.text($0, places: 3) } ?? "-" }
            let parts = [run.compute, run.exchange, run.reduce].compactMap { $0 }
            let other = run.step.map { max(0, $0 - parts.reduce(0, +)) }
            rows.append(
                [
                    Run.name(workers: run.workers), time(run.step), time(run.compute), time(run.exchange),
                    time(run.reduce), time(other), time(run.wait),
                    run.firstStep.map { Decimals.text($0, places: 0) } ?? "-", Self.megabytes(run.peakBytes),
                ] + (counts ? [run.allocations.map { Decimals.text($0, places: 1) } ?? "-"] : []))
        }
        return "\(question): \(method)\n\n" + TextTable.layOut(rows, rightAligned: Set(1..<rows[0].count))
            + "\nparameters \(parametersSHA256.prefix(12)) after every run\n"
    }
}
