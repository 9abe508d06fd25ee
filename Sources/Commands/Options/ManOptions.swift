import Diagnostics

/// The options of `coordinator man`, as plain values.
struct ManOptions: Sendable, Equatable {
    /// The folder for the pages.
    var folder: String

    init(_ parsed: ParsedOptions) throws {
        guard parsed.operands.count == 1, let folder = parsed.operands.first, !folder.isEmpty else {
            throw Failure(
                .usage, "expected one folder",
                at: parsed.operands.isEmpty ? nil : parsed.operands.joined(separator: " "),
                remedy: "write coordinator man DIRECTORY")
        }
        self.folder = folder
    }
}
