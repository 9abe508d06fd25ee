import Observing

extension Decimals {
    /// A score: per cent for an accuracy, four places for a loss, `-` if there is none.
    static func score(_ value: Double?, _ metric: QuestionReport.Metric) -> String {
        guard let value, metric != .checks else { return "-" }
        return metric == .accuracy ? percent(value) : text(value, places: 4)
    }
}
