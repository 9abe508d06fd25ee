/// Why something could not be done, in one line for the person who must mend it: what, where, why, what to do.
///
/// Every recoverable error that comes from a file, a user or the network is a `Failure`; a broken invariant of the
/// program itself traps instead. The category decides the exit code of the process.
public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is; the raw value is the exit code.
    public enum Category: Int32, Sendable {
        /// The command line or a configuration is wrong.
        case usage = 2
        /// A data file or a checkpoint cannot be used.
        case data = 3
        /// The workers, or the network between them and the coordinator, failed.
        case workers = 4
        /// The training diverged: a loss or gradient is not finite.
        case diverged = 5
    }

    /// The kind of failure.
    public let category: Category
    /// What failed, as a short clause: `cannot read data set`.
    public let what: String
    /// Where: a file, an endpoint, an option; nil if the clause says it all.
    public let place: String?
    /// The cause.
    public let cause: String?
    /// What the user can do about it.
    public let remedy: String?

    /// Creates a failure.
    ///
    /// - Parameters:
    ///   - category: the kind, which fixes the exit code.
    ///   - what: what failed, without a full stop.
    ///   - place: the file, endpoint or option concerned.
    ///   - cause: why it failed.
    ///   - remedy: what to do.
    public init(
        _ category: Category, _ what: String, at place: String? = nil, because cause: String? = nil,
        remedy: String? = nil
    ) {
        self.category = category
        self.what = what
        self.place = place
        self.cause = cause
        self.remedy = remedy
    }

    /// The failure as one line.
    ///
    /// The form is `what: where: why; what to do`; line breaks inside the parts are replaced by spaces.
    public var description: String {
        var line = what
        if let place { line += ": \(place)" }
        if let cause { line += ": \(cause)" }
        if let remedy { line += "; \(remedy)" }
        return String(line.map { $0.isNewline ? " " : $0 })
    }
}
