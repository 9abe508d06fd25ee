import Datasets
import Diagnostics
import Exchange
import FoundationEssentials
import Launching
import Observing
import Questions

extension BenchmarkCommand {
    /// Compares Lockstep with other programs.
    ///
    /// - Returns: 0, 1 if losses differ or an accuracy was missed, 130 or 143 after a signal.
    /// - Throws: `Failure`.
    static func comparePeers(_ options: PeersOptions) throws -> Int32 {
        let reportFile = try options.reportFile.map { try OutputFile($0, for: "report") }
        let chartFile = try options.chartFile.map { try OutputFile($0, for: "chart") }
        let recipes = PeerRecipe.all.filter { options.recipes.contains($0.name) }
        // What may be wrong with the recipes is found out before anything is installed or started.
        var subjects: [(recipe: PeerRecipe, subject: BenchmarkSubject)] = []
        for recipe in recipes { subjects.append((recipe, try BenchmarkSubject(recipe, options))) }
        do {
            let runner = PeerProcess.Runner(interruption: try Interruption())
            let tools = try PeerTools(running: runner)
            try tools.prepare()
            let contest = PeerContest(options: options, tools: tools, runner: runner)
            var report = PeersReport(
                seed: options.seed, cores: Processors.available(), rounds: options.rounds, comparisons: [])
            // Each is shown as it is there, so that what fails later does not take it along.
            func add(_ comparison: PeersReport.Comparison) throws {
                try StandardStream.output.write((report.comparisons.isEmpty ? "" : "\n") + report.text(comparison))
                report.comparisons.append(comparison)
            }
            for (recipe, subject) in subjects { try add(contest.compare(recipe, subject)) }
            if options.recipes.contains("all") { try add(contest.compareAll()) }
            try reportFile?.write(report.json())
            try chartFile?.write(Array(report.chart.svg().utf8))
            return 0
        } catch let interrupted as Interrupted {
            try StandardStream.error.write("benchmark peers: interrupted by a signal; the programs have ended\n")
            return interrupted.exitCode
        } catch let disagreement as PeerContest.Disagreement {
            return CommandEntry.report(disagreement.line, by: "benchmark peers", status: 1)
        }
    }
}

extension BenchmarkSubject {
    /// The subject of a recipe, with its data.
    ///
    /// - Throws: `Failure`.
    init(_ recipe: PeerRecipe, _ options: PeersOptions) throws {
        let source = ConfigurationSource(
            file: try ConfigurationSource.file(for: recipe.name, executable: "/proc/self/exe"),
            settings: recipe.settings + options.settings, shards: nil)
        let (question, configuration) = try CoordinatorCommand.prepare(recipe.question, source)
        let folder = try DataFolder(explicit: options.dataFolder, cache: try DataSetCache())
        self.init(
            question: question, configuration: configuration, data: try question.loadData(from: folder),
            folder: folder, seed: options.seed, steps: options.steps ?? recipe.steps)
    }
}
