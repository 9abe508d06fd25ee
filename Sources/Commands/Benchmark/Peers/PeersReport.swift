import Observing

/// How Lockstep compares with others, as `benchmark peers --report` writes it.
struct PeersReport: Codable, Sendable, Equatable {
    /// The figures of one program.
    struct Run: Codable, Sendable, Equatable {
        /// What the row of the table is called.
        var name: String
        /// The program and its version.
        var program: String
        /// Whether it is Lockstep.
        var isOurs: Bool
        /// Milliseconds a step, or seconds of all questions: the median over the rounds.
        @Measured var time: Double?
        /// The same in every round, in order.
        var rounds: [Double]
        /// The most memory of each process, summed, in bytes; the median over the rounds.
        var peakBytes: Int?
        /// Its time divided by that of Lockstep with all workers: above 1, Lockstep is faster.
        @Measured var ratio: Double?
    }

    /// The programs on one recipe.
    struct Comparison: Codable, Sendable, Equatable {
        /// The word for it on the command line.
        var recipe: String
        /// What it is.
        var title: String
        /// What `time` is: milliseconds a step, or seconds.
        var unit: String
        /// The steps of a run; null where it is a whole training.
        var steps: Int?
        /// The examples of a step; null where there are several questions.
        var batchSize: Int?
        /// Where the data came from.
        var data: String
        /// The programs.
        var runs: [Run]
    }

    /// The version of this format.
    var schema = 1
    /// The version of Lockstep.
    var version = Version.current
    /// The seed of every run.
    var seed: UInt64
    /// The cores this process may use.
    var cores: Int
    /// How often each program was measured.
    var rounds: Int
    /// The recipes.
    var comparisons: [Comparison]
}

extension PeersReport.Comparison {
    /// Sums up the rounds of each program; Lockstep with all workers is the last of Lockstep's.
    init(
        recipe: String, title: String, unit: String, steps: Int?, batchSize: Int?, data: String,
        _ programs: [(name: String, isOurs: Bool, answers: [(program: String, time: Double, peakBytes: Int?)])]
    ) {
        self.recipe = recipe
        self.title = title
        self.unit = unit
        self.steps = steps
        self.batchSize = batchSize
        self.data = data
        let ours = programs.last { $0.isOurs }?.answers.map(\.time).median ?? 0
        runs = programs.map { name, isOurs, answers in
            let time = answers.map(\.time).median
            let peaks = answers.compactMap { $0.peakBytes.map(Double.init) }
            return PeersReport.Run(
                name: name, program: answers.first?.program ?? "", isOurs: isOurs, time: time,
                rounds: answers.map(\.time), peakBytes: peaks.isEmpty ? nil : Int(peaks.median), ratio: time / ours)
        }
    }

    /// Lines that say how much faster Lockstep is than each, and where it loses.
    var verdict: [String] {
        guard let ours = runs.last(where: \.isOurs) else { return [] }
        let others = runs.filter { !$0.isOurs }
        func line(_ verb: String, _ range: Range<Double>) -> [String] {
            let found = others.filter { range.contains($0.ratio ?? 0) }
                .map { "\($0.name) (\(Decimals.text($0.ratio ?? 0, places: 2))×)" }
            return found.isEmpty ? [] : ["\(ours.name) \(verb) \(found.joined(separator: ", "))"]
        }
        let equal = 0.97..<1.03
        var lines =
            line("is faster than", equal.upperBound..<Double.infinity) + line("is as fast as", equal)
            + line("loses to", -.infinity..<equal.lowerBound)
        if let one = runs.first(where: \.isOurs), one.name != ours.name, let time = one.time, time > 0 {
            let single = others.first.flatMap { other in other.time.map { (other.name, $0 / time) } }
            if let single {
                lines.append("\(one.name) beside \(single.0): \(Decimals.text(single.1, places: 2))×")
            }
            if let ratio = one.ratio { lines.append("\(ours.name) beside 1: \(Decimals.text(ratio, places: 2))×") }
        }
        return lines
    }
}
