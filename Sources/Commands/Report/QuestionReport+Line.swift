import Observing

extension QuestionReport {
    /// The result in one line, for standard output.
    public var line: String {
        var parts = [score]
        if !checks.isEmpty {
            let failed = checks.filter { !$0.passed }.map(\.name)
            parts.append(
                failed.isEmpty
                    ? "\(checks.count) of \(checks.count) checks" : "failed: \(failed.joined(separator: "; "))")
        }
        if let seconds { parts.append("\(Decimals.text(seconds, places: seconds < 10 ? 2 : 1)) s") }
        if let rate = samplesPerSecond, rate >= 1 { parts.append("\(Decimals.grouped(rate)) samples/s") }
        parts.append(workers == 1 ? "1 worker" : "\(workers) workers")
        if !parametersSHA256.isEmpty { parts.append("parameters \(parametersSHA256.prefix(12))") }
        if data.synthetic { parts.append("synthetic data") }
        return "\(question): \(passed ? "passed" : "missed"), " + parts.joined(separator: ", ")
    }

    /// The score with what it needed: `test accuracy 97.92 % (needs 97 %)`.
    var score: String {
        let needed = Decimals.score(threshold, metric)
        switch metric {
        case .accuracy:
            var text = "test accuracy \(Decimals.score(test, metric)) (at least \(needed))"
            if let unseen { text += ", on unseen \(Decimals.score(unseen, metric))" }
            return text
        case .loss: return "loss \(Decimals.score(test, metric)) (at most \(needed))"
        case .checks: return "checks"
        }
    }
}
