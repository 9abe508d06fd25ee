import Questions
import Training

/// How progress looks: pure functions from a state to a line.
struct ProgressFormat: Sendable, Equatable {
    /// Whether escape sequences may colour the text.
    var hasColour = false
    /// Whether the terminal shows more than ASCII.
    var hasUnicode = true

    /// The widest bar, in columns.
    static let widestBar = 30
    /// The narrowest bar that says anything.
    static let narrowestBar = 6

    /// The line that a question begins with.
    func introduction(_ start: TrainingEvent.Start) -> String {
        var parts = [count(start.workers, "worker"), count(start.shards, "shard")]
        if let batchSize = start.batchSize { parts.append("batches of \(batchSize)") }
        if start.parameterCount > 0 {
            parts.append("\(Decimals.grouped(Double(start.parameterCount))) parameters")
        }
        if start.isSynthetic {
            parts.append("synthetic data")
        } else if !start.dataSource.isEmpty {
            parts.append(start.dataSource)
        }
        return "\(start.question): \(start.title) (\(parts.joined(separator: ", ")))"
    }

    /// A line for a log: all there is to say, however long.
    func plain(_ state: ProgressState) -> String {
        guard let start = state.start else { return "" }
        let step = state.totalSteps.map { "step \(state.step) of \($0)" } ?? "step \(state.step)"
        return "\(start.question): " + ([step] + fields(state).map(\.text)).joined(separator: ", ")
    }

    /// A line for a terminal: a bar, and as much as fits.
    ///
    /// What does not fit is shortened, then goes, the least important first. The line is never wider than the window
    /// less one column, so that no terminal wraps it.
    func bar(_ state: ProgressState, width: Int) -> String {
        guard let start = state.start, width > 1 else { return "" }
        var head = start.question
        if let fraction = state.fraction {
            head += " \(Decimals.text((fraction * 100).rounded(.down), places: 0)) %"
        } else {
            head += " step \(state.step)"
        }
        let room = width - 1
        guard head.count <= room else { return String(head.prefix(room)) }
        var kept = fields(state)
        var leastBar = state.fraction == nil ? 0 : 1 + Self.narrowestBar
        func needed() -> Int { kept.reduce(head.count + leastBar) { $0 + 2 + $1.text.count } }
        while needed() > room {
            if let long = kept.firstIndex(where: { $0.short != nil }) {
                kept[long].shorten()
            } else if let least = kept.indices.max(by: { kept[$0].rank < kept[$1].rank }),
                leastBar == 0 || kept[least].rank > Self.rankOfBar
            {
                kept.remove(at: least)
            } else {
                leastBar = 0
            }
        }
        var line = head
        let barWidth = min(Self.widestBar, room - needed() + leastBar - 1)
        if let fraction = state.fraction, barWidth >= Self.narrowestBar {
            line = "\(start.question) \(bar(fraction, width: barWidth))\(head.dropFirst(start.question.count))"
        }
        for field in kept { line += "  " + coloured(field) }
        return line
    }

    /// How soon the bar is left out, among the fields.
    private static let rankOfBar = 2

    /// A part of a line.
    private struct Field {
        private(set) var text: String
        /// The higher, the sooner it is left out.
        let rank: Int
        /// What says the same in less room; nil if nothing does.
        private(set) var short: String?
        /// Whether it says that a threshold is met.
        var isGood = false

        init(_ text: String, rank: Int, short: String? = nil, isGood: Bool = false) {
            self.text = text
            self.rank = rank
            self.short = short
            self.isGood = isGood
        }

        mutating func shorten() {
            if let short { text = short }
            short = nil
        }
    }

    private func fields(_ state: ProgressState) -> [Field] {
        var fields = [Field("epoch \(Decimals.text(state.epoch, places: 2))", rank: 5)]
        if let loss = state.loss { fields.append(Field("loss \(Decimals.text(loss, places: 4))", rank: 1)) }
        if let score = state.score {
            let value = text(score.value, score.metric)
            let sign = hasUnicode ? (score.metric == .loss ? "≤" : "≥") : "of"
            let bound = text(score.threshold, score.metric)
            let short = score.split == .validation ? "val" : "\(score.split)"
            let words = "\(value) (\(sign) \(bound))"
            fields.append(
                Field("\(score.split) \(words)", rank: 0, short: "\(short) \(words)", isGood: score.passes))
        }
        if let rate = state.examplesPerSecond { fields.append(Field("\(Decimals.grouped(rate))/s", rank: 4)) }
        if let left = state.secondsLeft { fields.append(Field("\(Decimals.time(left)) left", rank: 3)) }
        return fields
    }

    private func bar(_ fraction: Double, width: Int) -> String {
        let full = Int(fraction * Double(width))
        return String(repeating: hasUnicode ? "█" : "#", count: full)
            + String(repeating: hasUnicode ? "░" : "-", count: width - full)
    }

    private func coloured(_ field: Field) -> String {
        hasColour && field.isGood ? "\u{1B}[32m\(field.text)\u{1B}[0m" : field.text
    }

    private func text(_ value: Double, _ metric: Goal.Metric) -> String {
        metric == .loss ? Decimals.text(value, places: 4) : Decimals.percent(value)
    }

    private func count(_ value: Int, _ word: String) -> String { "\(value) \(word)\(value == 1 ? "" : "s")" }
}
