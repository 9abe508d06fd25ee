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
    /// What does not fit goes, the least important first. The line is never wider than the window less one column, so
    /// that no terminal wraps it.
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
        func needed() -> Int { kept.reduce(head.count) { $0 + 2 + $1.text.count } }
        while needed() > room, let least = kept.indices.max(by: { kept[$0].rank < kept[$1].rank }) {
            kept.remove(at: least)
        }
        var line = head
        let barWidth = min(Self.widestBar, room - needed() - 1)
        if let fraction = state.fraction, barWidth >= Self.narrowestBar {
            line = "\(start.question) \(bar(fraction, width: barWidth))\(head.dropFirst(start.question.count))"
        }
        for field in kept { line += "  " + coloured(field) }
        return line
    }

    /// A part of a line.
    private struct Field {
        let text: String
        /// The higher, the sooner it is left out.
        let rank: Int
        /// Whether it says that a threshold is met.
        var isGood = false
    }

    private func fields(_ state: ProgressState) -> [Field] {
        var fields = [Field(text: "epoch \(Decimals.text(state.epoch, places: 2))", rank: 2)]
        if let loss = state.loss { fields.append(Field(text: "loss \(Decimals.text(loss, places: 4))", rank: 1)) }
        if let score = state.score {
            let value = text(score.value, score.metric)
            let bound =
                (hasUnicode ? (score.metric == .loss ? "≤ " : "≥ ") : "of ") + text(score.threshold, score.metric)
            fields.append(Field(text: "\(score.split) \(value) (\(bound))", rank: 0, isGood: score.passes))
        }
        if let rate = state.examplesPerSecond {
            fields.append(Field(text: "\(Decimals.grouped(rate))/s", rank: 4))
        }
        if let left = state.secondsLeft { fields.append(Field(text: "\(Decimals.time(left)) left", rank: 3)) }
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
