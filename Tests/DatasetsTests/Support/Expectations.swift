import Diagnostics
import Testing

/// Runs what must fail for its data, and returns the line that says so.
@discardableResult
func expectDataFailure(
    _ fragment: String = "", sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        return ""
    } catch let failure as Failure {
        // Plain comparisons, as thousands of these are made.
        let line = failure.description
        if failure.category != .data || !line.contains(fragment) || line.utf8.contains(UInt8(ascii: "\n")) {
            Issue.record("not the failure expected: \(line)", sourceLocation: sourceLocation)
        }
        return line
    } catch {
        Issue.record("\(error) is no Failure", sourceLocation: sourceLocation)
        return ""
    }
}
