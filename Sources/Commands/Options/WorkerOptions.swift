import Diagnostics

/// The options of `worker`, as plain values.
public struct WorkerOptions: Sendable, Equatable {
    /// The coordinator's endpoint.
    public var connect: String
    /// The file of keys; `-` for standard input; nil for none.
    public var tokenFile: String?
    /// Whether the connection goes without encryption and authentication.
    public var isInsecure: Bool
    /// Where received data sets are kept; nil for the default.
    public var cacheFolder: String?
    /// The time between two heartbeats, in seconds.
    public var heartbeat: Double
    /// The threads that compute.
    public var threads: Int
    /// The process to end with; nil for none.
    public var parent: Int32?
    /// The seat at the parent's memory, whose descriptors are 3, 4 and 5; nil for none.
    public var seat: Int?
    /// Whether only errors are shown.
    public var isQuiet: Bool

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(_ arguments: [String], environment: [String: String]) throws -> WorkerOptions {
        try WorkerOptions(ParsedOptions(arguments, for: .worker, environment: environment))
    }

    init(_ parsed: ParsedOptions) throws {
        if let operand = parsed.operands.first {
            throw Failure(.usage, "unexpected argument", at: operand, because: "worker takes options only")
        }
        guard let endpoint = parsed.text("connect") else {
            throw Failure(.usage, "missing option", at: "--connect", remedy: "write --connect tcp://HOST:PORT")
        }
        connect = endpoint
        tokenFile = parsed.text("token-file")
        isInsecure = parsed.flag("insecure")
        cacheFolder = parsed.text("cache")
        heartbeat = parsed.number("heartbeat") ?? 1
        threads = parsed.integer("threads") ?? 1
        parent = parsed.integer("parent").map(Int32.init)
        seat = parsed.integer("seat")
        isQuiet = parsed.flag("quiet")
        if seat != nil, parent == nil {
            throw Failure(.usage, "options do not fit", at: "--seat", because: "it needs --parent PID")
        }
        if isInsecure, tokenFile != nil {
            throw Failure(
                .usage, "options do not fit", at: "--token-file", because: "with --insecure there are no keys")
        }
    }
}
