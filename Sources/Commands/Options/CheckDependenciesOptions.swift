import Diagnostics
import Observing

/// The options of `coordinator check-dependencies`, as plain values.
struct CheckDependenciesOptions: Sendable, Equatable {
    /// The folder of the data files that `--data` names; nil without it, and then `LOCKSTEP_DATA` counts.
    var dataFolder: String?
    /// The file for the report; nil for none.
    var reportFile: String?
    /// Where a page shows a line that turns; nil for nowhere.
    var dashboard: DashboardAddress?

    init(_ parsed: ParsedOptions) throws {
        if let operand = parsed.operands.first {
            throw Failure(
                .usage, "unexpected argument", at: operand, because: "check-dependencies takes options only")
        }
        dataFolder = parsed.explicitText("data")
        reportFile = parsed.text("report")
        dashboard = try parsed.text("dashboard").map { try DashboardAddress($0) }
    }
}
