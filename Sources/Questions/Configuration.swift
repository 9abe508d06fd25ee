import Diagnostics
import Glibc

/// The keys and values that a question is made from: a JSON5 file, and what the command line sets over it.
///
/// A plain value; equality compares keys and values, and not where they came from. Read it with a
/// `ConfigurationReader`, which refuses what nobody asked for.
public struct Configuration: Sendable, Equatable {
    /// A value, and where it was written.
    struct Entry: Sendable {
        let value: ConfigurationValue
        let place: String
        let order: Int
    }

    /// The largest file or assignment that is read, in bytes.
    static let maximumSize = 1 << 18

    private(set) var entries: [String: Entry] = [:]
    private var written = 0

    /// Creates an empty configuration.
    public init() {}

    /// Reads JSON5: one object whose values are numbers, texts, true, false, and lists of these.
    ///
    /// - Parameters:
    ///   - json5: the text, in UTF-8.
    ///   - file: its name for messages.
    /// - Throws: `Failure` (usage) with file, line, column and cause.
    public init(parsing json5: [UInt8], file: String) throws {
        guard json5.count <= Self.maximumSize else {
            throw Failure(
                .usage, "cannot read configuration", at: file, because: "it is longer than \(Self.maximumSize) bytes")
        }
        var parser = try ConfigurationParser(json5, file: file)
        for member in try parser.document() {
            insert(member.value, for: member.key, from: "\(file):\(member.line)")
        }
    }

    /// Reads a JSON5 file.
    ///
    /// - Throws: `Failure` (usage) if it cannot be read or is no such configuration.
    public init(contentsOfFile path: String) throws {
        func failure() -> Failure {
            Failure(
                .usage, "cannot read configuration", at: path, because: String(cString: strerror(errno)).lowercased())
        }
        guard let file = fopen(path, "re") else { throw failure() }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.maximumSize + 1) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard ferror(file) == 0 else { throw failure() }
        try self.init(parsing: bytes, file: path)
    }

    /// Sets a key to a value, as `--set` does.
    ///
    /// - Parameter assignment: `key=value`; the value is JSON5, or a bare word, which stands for a text:
    ///   `learningRate=1e-3`, `hidden=[256]`, `optimizer=adam`.
    /// - Throws: `Failure` (usage) if it is no assignment, or the value is no JSON5.
    public mutating func set(_ assignment: String) throws {
        let place = "--set \(assignment.count <= 60 ? assignment : assignment.prefix(60) + "…")"
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, assignment.utf8.count <= Self.maximumSize else {
            throw Failure(.usage, "cannot set", at: place, remedy: "write key=value, for example learningRate=0.001")
        }
        insert(try Self.value(of: String(parts[1]), place: place), for: String(parts[0]), from: place)
    }

    private static func value(of text: String, place: String) throws -> ConfigurationValue {
        let isWord =
            text.utf8.allSatisfy { byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            } && (text.first?.isLetter ?? false)
        if isWord, !["true", "false", "null", "NaN", "Infinity"].contains(text) { return .string(text) }
        do {
            var parser = try ConfigurationParser(Array(text.utf8), file: "value")
            return try parser.onlyValue()
        } catch let failure as Failure {
            throw Failure(.usage, "cannot set", at: place, because: failure.cause)
        }
    }

    private mutating func insert(_ value: ConfigurationValue, for key: String, from place: String) {
        entries[key] = Entry(value: value, place: place, order: written)
        written += 1
    }

    /// The configuration as JSON: keys sorted, no blanks; the same bytes for the same keys and values.
    public func canonicalJSON() -> [UInt8] {
        var text = "{"
        for (key, entry) in entries.sorted(by: {
            $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars)
        }) {
            if text.utf8.count > 1 { text += "," }
            ConfigurationValue.appendQuoted(key, to: &text)
            text += ":"
            entry.value.appendCanonicalJSON(to: &text)
        }
        text += "}"
        return Array(text.utf8)
    }

    /// Reads what `canonicalJSON` wrote.
    ///
    /// - Throws: `Failure` (usage) if it is something else.
    public init(canonicalJSON: [UInt8]) throws {
        try self.init(parsing: canonicalJSON, file: "configuration")
    }

    /// Whether two configurations have the same keys and values.
    public static func == (left: Configuration, right: Configuration) -> Bool {
        left.entries.mapValues(\.value) == right.entries.mapValues(\.value)
    }
}
