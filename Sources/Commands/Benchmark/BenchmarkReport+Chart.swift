import Observing

extension BenchmarkReport {
    /// The report as a chart: speed, where the time of a step goes, and a fixed batch a worker.
    var chart: Chart {
        let workers = runs.filter { $0.workers > 0 }
        let places = workers.map { "\($0.workers)" }
        var speed = [
            LinePanel.Series(name: "fixed batch", values: workers.map(\.samplesPerSecond)),
            LinePanel.Series(
                name: "one process without exchange",
                values: workers.map { _ in runs.first { $0.workers == 0 }?.samplesPerSecond }),
        ]
        if let weak {
            speed.append(
                LinePanel.Series(
                    name: "fixed batch a worker",
                    values: workers.map { run in weak.first { $0.workers == run.workers }?.samplesPerSecond }))
        }
        var panels: [Chart.Panel] = [
            .lines(
                LinePanel(
                    title: "Speed", horizontalAxis: "workers", verticalAxis: "samples a second", places: places,
                    series: speed)),
            .lines(
                LinePanel(
                    title: "Where the time of a step goes", horizontalAxis: "workers", verticalAxis: "milliseconds",
                    places: places,
                    series: [
                        LinePanel.Series(name: "step", values: workers.map(\.step)),
                        LinePanel.Series(name: "compute", values: workers.map(\.compute)),
                        LinePanel.Series(name: "exchange", values: workers.map(\.exchange)),
                        LinePanel.Series(name: "reduce", values: workers.map(\.reduce)),
                    ])),
        ]
        if let trainings {
            panels.append(
                .bars(
                    BarPanel(
                        title: "Training to the threshold", axis: "seconds",
                        bars: trainings.compactMap { run in
                            run.secondsToThreshold.map {
                                BarPanel.Bar(
                                    name: Run.name(workers: run.workers), value: $0, label: Self.seconds($0),
                                    isOurs: true)
                            }
                        })))
        }
        return Chart(
            title: "\(question) with several workers", notes: [method] + (verdict.map { [$0] } ?? []), panels: panels)
    }
}
