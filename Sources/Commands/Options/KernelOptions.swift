import Diagnostics

/// The options of `benchmark kernels`, as plain values.
public struct KernelOptions: Sendable, Equatable {
    /// How often each kernel is measured.
    public var rounds: Int
    /// Where the report goes; nil for nowhere.
    public var reportFile: String?

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(_ arguments: [String], environment: [String: String]) throws -> KernelOptions {
        try KernelOptions(ParsedOptions(arguments, for: .kernels, environment: environment))
    }

    init(_ parsed: ParsedOptions) throws {
        guard parsed.operands.isEmpty else {
            throw Failure(.usage, "kernels takes no operands", at: parsed.operands.joined(separator: " "))
        }
        rounds = parsed.integer("rounds") ?? 20
        reportFile = parsed.text("report")
    }
}
