import Datasets
import Diagnostics
import Exchange
import Launching
import Questions

extension BenchmarkCommand {
    /// Measures a question with each number of workers, in turns, so that all share the machine's moods.
    ///
    /// - Returns: 0, 1 if not all runs ended with the same parameters, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func measure(_ options: ScalingOptions) throws -> Int32 {
        let reportFile = try options.run.reportFile.map { try OutputFile($0, for: "report") }
        let chartFile = try options.chartFile.map { try OutputFile($0, for: "chart") }
        let campaign = try BenchmarkCampaign(options, program: "benchmark scaling")
        return try campaign.run {
            let samples = try campaign.measure([0] + options.workers)
            if let difference = BenchmarkReport.difference(samples) { throw BenchmarkCampaign.Difference(difference) }
            let weak = options.isWeak ? try campaign.measureWeak(options.workers) : nil
            let trainings = options.isTrainedToThreshold ? try campaign.train(options.workers) : nil
            var report = campaign.report(samples)
            report.addWeak(weak)
            report.trainings = trainings
            report.verdict = ScalingVerdict(report).text
            try StandardStream.output.write(report.text)
            try reportFile?.write(report.json())
            try chartFile?.write(Array(report.chart.svg().utf8))
        }
    }

    /// Measures a question with each number of workers, and shows where the time of a step goes.
    ///
    /// - Returns: 0, 1 if not all runs ended with the same parameters, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func measureStep(_ options: ScalingOptions) throws -> Int32 {
        let reportFile = try options.run.reportFile.map { try OutputFile($0, for: "report") }
        let campaign = try BenchmarkCampaign(options, program: "benchmark step")
        return try campaign.run {
            let samples = try campaign.measure(options.workers)
            if let difference = BenchmarkReport.difference(samples) { throw BenchmarkCampaign.Difference(difference) }
            let report = campaign.report(samples)
            try StandardStream.output.write(report.stepText)
            try reportFile?.write(report.json())
        }
    }
}
