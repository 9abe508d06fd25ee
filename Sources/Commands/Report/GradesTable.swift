import Observing

/// The provisional grades at the end of a run, as plain text.
public enum GradesTable {
    /// A line a question, points of points, and the total.
    public static func text(_ report: Report) -> String {
        var rows = [["question", "", "score", "needed", "points", ""]]
        for question in report.questions {
            rows.append([
                question.question, question.passed ? "passed" : "missed",
                question.metric == .checks ? checks(question) : Decimals.score(question.test, question.metric),
                question.metric == .checks ? "all checks" : bound(question),
                "\(question.points)/\(question.possiblePoints)", question.data.synthetic ? "synthetic data" : "",
            ])
        }
        rows.append(["total", "", "", "", "\(report.points)/\(report.possiblePoints)", ""])
        let table = TextTable.layOut(rows, rightAligned: [2, 3, 4])
        let title = "Provisional grades"
        return title + "\n" + String(repeating: "=", count: title.count) + "\n" + table
    }

    private static func checks(_ question: QuestionReport) -> String {
        "\(question.checks.count { $0.passed }) of \(question.checks.count)"
    }

    private static func bound(_ question: QuestionReport) -> String {
        (question.metric == .loss ? "≤ " : "≥ ") + Decimals.score(question.threshold, question.metric)
    }
}
