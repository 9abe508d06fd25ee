import Diagnostics
import FoundationEssentials

extension Report {
    /// The report as JSON, with sorted keys and a line for every value.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

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
