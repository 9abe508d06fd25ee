import Observing

extension BenchmarkCommand {
    /// Who looks at a run that is measured; nil for a run without a dashboard.
    private static let audiences: [(name: String, size: BenchmarkAudience.Size?)] = [
        ("no dashboard", nil), ("no page open", BenchmarkAudience.Size(readers: 0)),
        ("one page", BenchmarkAudience.Size(readers: 1)),
        ("ten pages and a stalled one", BenchmarkAudience.Size(readers: 10, stalled: 1)),
    ]

    /// Measures a question with and without somebody who looks, in turns, so that all share the machine's moods.
    ///
    /// - Returns: 0, 1 if not all runs ended with the same parameters, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func measureObservers(_ options: ScalingOptions) throws -> Int32 {
        let campaign = try BenchmarkCampaign(options, program: "benchmark observers")
        return try campaign.run {
            for workers in options.workers {
                var samples = audiences.map { _ in [BenchmarkSample]() }
                for round in 1...options.rounds {
                    // Every second round goes backwards, so that none is always the first.
                    for place in round % 2 == 1 ? Array(audiences.indices) : audiences.indices.reversed() {
                        let sample = try campaign.measure(workers: workers, audiences[place].size)
                        samples[place].append(sample)
                        try StandardStream.error.write(
                            "round \(round) of \(options.rounds), \(audiences[place].name): "
                                + "\(BenchmarkReport.milliseconds(sample.step)) ms a step\n")
                    }
                }
                guard Set(samples.joined().map(\.parametersSHA256)).count == 1 else {
                    throw BenchmarkCampaign.Difference("who looks shows in the parameters, so nothing is reported")
                }
                try StandardStream.output.write(table(BenchmarkReport.Run.name(workers: workers), samples))
            }
        }
    }

    /// Medians, and how much longer a step takes than in the run of the same round that nobody looked at.
    private static func table(_ title: String, _ samples: [[BenchmarkSample]]) -> String {
        var rows = [[title, "ms a step", "longer"]]
        for (place, audience) in audiences.enumerated() {
            let longer = zip(samples[place], samples[0]).map { $0.step / $1.step - 1 }.median
            rows.append([
                audience.name, BenchmarkReport.milliseconds(samples[place].map(\.step).median),
                place == 0 ? "" : "\(Decimals.text(longer * 100, places: 1)) %",
            ])
        }
        return TextTable.layOut(rows, rightAligned: [1, 2])
    }
}
