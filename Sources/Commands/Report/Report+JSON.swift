import Diagnostics
import FoundationEssentials

extension Report {
    /// Reads a report.
    ///
    /// - Throws: `Failure` (data) if it is none, or of another schema.
    public init(json: [UInt8], file: String) throws {
        do {
            self = try JSONDecoder().decode(Report.self, from: Data(json))
        } catch {
            throw Failure(.data, "cannot read report", at: file, because: "it is not a report of this version")
        }
        guard schema == 1 else {
            throw Failure(.data, "cannot read report", at: file, because: "schema \(schema) is not known")
        }
    }
}
