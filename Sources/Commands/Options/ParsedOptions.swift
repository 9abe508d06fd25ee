import Diagnostics
import Questions

/// The options of one command line, checked one by one against the table, and the operands.
struct ParsedOptions: Sendable {
    /// A wish that ends the program before it does anything.
    enum Request: Sendable {
        /// `--help`.
        case help
        /// `--version`.
        case version
    }

    /// `--help` or `--version`, whichever came first; what stands behind it was not read.
    private(set) var request: Request?
    /// What is no option, in order.
    private(set) var operands: [String] = []
    private var values: [String: [OptionValue]] = [:]
    private var fromEnvironment: Set<String> = []

    /// Reads a command line by the option table.
    ///
    /// `--name value` and `--name=value` are the same; `--` ends the options. Where an option is not given, its
    /// environment variable counts.
    ///
    /// - Throws: `Failure` (usage) for an option that is unknown, repeated, without its value, or has a wrong one.
    init(_ arguments: [String], for command: Option.Command, environment: [String: String]) throws {
        let options = OptionTable.options(of: command)
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                break
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = argument == "-h" ? "--help" : String(parts[0])
            guard let option = options.first(where: { $0.dashed == name }) else {
                throw Self.unknown(name, command: command, known: options)
            }
            if option.name == "help" || option.name == "version" {
                request = option.name == "help" ? .help : .version
                return
            }
            if option.repetition == .once, values[option.name] != nil {
                throw Failure(.usage, "option given twice", at: option.dashed)
            }
            values[option.name, default: []].append(
                try Self.value(of: option, given: parts.count == 2 ? String(parts[1]) : nil, rest: &rest))
        }
        for option in options where values[option.name] == nil {
            guard let variable = option.variable, let text = environment[variable], !text.isEmpty else { continue }
            values[option.name] = [try option.kind.value(of: text, place: variable)]
            fromEnvironment.insert(option.name)
        }
    }

    private static func value(
        of option: Option, given: String?, rest: inout ArraySlice<String>
    ) throws -> OptionValue {
        if let given { return try option.kind.value(of: given, place: option.dashed) }
        if case .flag = option.kind { return .flag }
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw Failure(
                .usage, "missing value", at: option.dashed,
                remedy: "write \(option.usage)")
        }
        rest.removeFirst()
        return try option.kind.value(of: next, place: option.dashed)
    }

    private static func unknown(_ name: String, command: Option.Command, known: [Option]) -> Failure {
        if let other = OptionTable.all.first(where: { $0.dashed == name && $0.group != nil }) {
            let takers = Option.Command.allCases.filter { other.commands.contains($0) }.map(\.rawValue)
            return Failure(
                .usage, "unknown option", at: name,
                because: "\(command.rawValue) does not take it, \(takers.joined(separator: " and ")) does")
        }
        let near = ConfigurationSpelling.nearest(to: name, among: known.filter { $0.group != nil }.map(\.dashed))
        return Failure(.usage, "unknown option", at: name, remedy: near.map { "did you mean '\($0)'?" })
    }

    /// Whether a flag was given.
    func flag(_ name: String) -> Bool { values[name] != nil }

    /// The whole number of an option; nil if it was not given.
    func integer(_ name: String) -> Int? {
        guard case .integer(let value) = values[name]?.last else { return nil }
        return value
    }

    /// The whole numbers of an option; nil if it was not given.
    func integers(_ name: String) -> [Int]? {
        guard case .integers(let values) = values[name]?.last else { return nil }
        return values
    }

    /// The first and the last whole number of an option; nil if it was not given.
    func span(_ name: String) -> ClosedRange<Int>? {
        guard case .span(let span) = values[name]?.last else { return nil }
        return span
    }

    /// The number of an option; nil if it was not given.
    func number(_ name: String) -> Double? {
        guard case .number(let value) = values[name]?.last else { return nil }
        return value
    }

    /// The text of an option; nil if it was not given.
    func text(_ name: String) -> String? { texts(name).last }

    /// The text of an option if it was given on the command line itself, not by an environment variable.
    func explicitText(_ name: String) -> String? { fromEnvironment.contains(name) ? nil : text(name) }

    /// The texts of a repeatable option, in order.
    func texts(_ name: String) -> [String] {
        (values[name] ?? []).compactMap { value in
            guard case .text(let text) = value else { return nil }
            return text
        }
    }
}
