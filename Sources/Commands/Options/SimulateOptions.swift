import Diagnostics

/// The options of `benchmark simulate`, as plain values.
public struct SimulateOptions: Sendable, Equatable {
    /// Which runs are simulated.
    public var seeds: ClosedRange<UInt64>
    /// Whether the faults of the one run are printed.
    public var isReplay: Bool

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(_ arguments: [String], environment: [String: String]) throws -> SimulateOptions {
        try SimulateOptions(ParsedOptions(arguments, for: .simulate, environment: environment))
    }

    init(_ parsed: ParsedOptions) throws {
        if let operand = parsed.operands.first {
            throw Failure(
                .usage, "unexpected word", at: operand, because: "the questions are the simulation's own",
                remedy: "write benchmark simulate --seeds N")
        }
        let span = parsed.span("seeds")
        if let seed = parsed.integer("seed") {
            guard span == nil else { throw Failure(.usage, "both --seed and --seeds", remedy: "give one of them") }
            seeds = UInt64(seed)...UInt64(seed)
            isReplay = true
        } else {
            let span = span ?? 0...4999
            seeds = UInt64(span.lowerBound)...UInt64(span.upperBound)
            isReplay = false
        }
    }
}
