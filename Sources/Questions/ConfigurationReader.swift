import Diagnostics

/// Typed reading of a configuration, which knows in the end what nobody asked for.
///
/// Every failure names the key, where it was written, what was expected and what was found. A key without a default
/// must be there. Call `finish` when all has been read.
public struct ConfigurationReader {
    private let configuration: Configuration
    private var asked: Set<String> = []

    /// Creates a reader at the start: nothing asked for yet.
    public init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// Reads a whole number.
    ///
    /// - Throws: `Failure` (usage) if it is missing without a default, no whole number, or out of range.
    public mutating func integer(
        _ key: String, in range: ClosedRange<Int>, default standard: Int? = nil
    ) throws -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return try read(key, expected: expected, default: standard) { value in
            guard case .integer(let integer) = value, range.contains(integer) else { return nil }
            return integer
        }
    }

    /// Reads a finite number.
    ///
    /// - Throws: `Failure` (usage) if it is missing without a default, no number, or out of range.
    public mutating func number(
        _ key: String, in range: ClosedRange<Double>, default standard: Double? = nil
    ) throws -> Double {
        let expected = "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        return try read(key, expected: expected, default: standard) { value in
            switch value {
            case .integer(let integer) where range.contains(Double(integer)): Double(integer)
            case .number(let number) where range.contains(number): number
            default: nil
            }
        }
    }

    /// Reads true or false.
    ///
    /// - Throws: `Failure` (usage) if it is missing without a default, or something else.
    public mutating func boolean(_ key: String, default standard: Bool? = nil) throws -> Bool {
        try read(key, expected: "true or false", default: standard) { value in
            guard case .bool(let bool) = value else { return nil }
            return bool
        }
    }

    /// Reads a text of at most 4096 bytes.
    ///
    /// - Throws: `Failure` (usage) if it is missing without a default, no text, or longer.
    public mutating func string(_ key: String, default standard: String? = nil) throws -> String {
        try read(key, expected: "a text of at most 4096 bytes", default: standard) { value in
            guard case .string(let string) = value, string.utf8.count <= 4096 else { return nil }
            return string
        }
    }

    /// Reads one of the words of an enumeration.
    ///
    /// - Throws: `Failure` (usage) if it is missing without a default, or none of them.
    public mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, oneOf words: Word.Type = Word.self, default standard: Word? = nil
    ) throws -> Word where Word.RawValue == String {
        let known = words.allCases.map(\.rawValue)
        let expected = (known.count > 1 ? "one of " : "") + known.joined(separator: ", ")
        return try read(key, expected: expected, default: standard) { value in
            guard case .string(let string) = value else { return nil }
            return words.init(rawValue: string)
        }
    }

    /// Reads a list of whole numbers, at least one.
    ///
    /// - Throws: `Failure` (usage) if it is missing without a default, empty, too long, or a member out of range.
    public mutating func integers(
        _ key: String, each range: ClosedRange<Int>, maximumCount: Int, default standard: [Int]? = nil
    ) throws -> [Int] {
        precondition(maximumCount > 0, "a list of at most \(maximumCount) numbers")
        let expected =
            "a list of 1 to \(maximumCount) whole numbers from \(range.lowerBound) to \(range.upperBound)"
        return try read(key, expected: expected, default: standard) { value in
            guard case .list(let values) = value, (1...maximumCount).contains(values.count) else { return nil }
            let integers = values.compactMap { value -> Int? in
                guard case .integer(let integer) = value, range.contains(integer) else { return nil }
                return integer
            }
            return integers.count == values.count ? integers : nil
        }
    }

    /// Refuses a key that nobody asked for.
    ///
    /// - Throws: `Failure` (usage) that names the first such key and the known key nearest to it.
    public func finish() throws {
        let unknown = configuration.entries.filter { !asked.contains($0.key) }
        guard let (key, entry) = unknown.min(by: { $0.value.order < $1.value.order }) else { return }
        let remedy =
            if let near = ConfigurationSpelling.nearest(to: key, among: asked.sorted()) {
                "did you mean '\(near)'?"
            } else if asked.isEmpty {
                "there are no keys to set"
            } else {
                "known are \(asked.sorted().joined(separator: ", "))"
            }
        throw Failure(.usage, "unknown key '\(key)'", at: entry.place, remedy: remedy)
    }

    private mutating func read<Value>(
        _ key: String, expected: String, default standard: Value?, as convert: (ConfigurationValue) -> Value?
    ) throws -> Value {
        asked.insert(key)
        guard let entry = configuration.entries[key] else {
            if let standard { return standard }
            throw Failure(.usage, "missing key '\(key)'", because: "it has no default", remedy: "give \(expected)")
        }
        if let value = convert(entry.value) { return value }
        throw Failure(
            .usage, "wrong value of '\(key)'", at: entry.place,
            because: "expected \(expected), found \(entry.value.summary)")
    }

    private static func text(_ bound: Double) -> String {
        Int(exactly: bound).map(String.init) ?? bound.description
    }
}
