/// The last lines of a stream of bytes, in bounded memory.
///
/// Control characters are replaced by spaces and broken UTF-8 is repaired, so that a line can be shown anywhere.
public struct LineTail: Sendable {
    /// Lines kept.
    public let capacity: Int
    /// Bytes kept of one line.
    public let lineLimit: Int
    private var complete: [String] = []
    private var current: [UInt8] = []

    /// Creates an empty tail.
    ///
    /// - Parameters:
    ///   - capacity: lines kept, at least 1.
    ///   - lineLimit: bytes kept of one line, at least 1; the rest of it is dropped.
    public init(capacity: Int = 20, lineLimit: Int = 1000) {
        precondition(capacity >= 1 && lineLimit >= 1)
        self.capacity = capacity
        self.lineLimit = lineLimit
    }

    /// The last lines, oldest first; an unfinished one is included.
    public var lines: [String] {
        Array((complete + (current.isEmpty ? [] : [Self.text(current)])).suffix(capacity))
    }

    /// The last line that is not blank.
    public var last: String? {
        lines.last { !$0.allSatisfy(\.isWhitespace) }
    }

    /// Adds bytes.
    ///
    /// - Returns: the lines that they complete.
    @discardableResult public mutating func append(_ bytes: some Sequence<UInt8>) -> [String] {
        var finished: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                finished.append(Self.text(current))
                current.removeAll(keepingCapacity: true)
            } else if current.count < lineLimit {
                current.append(byte)
            }
        }
        complete = (complete + finished).suffix(capacity)
        return finished
    }

    /// Completes an unfinished line at the end of the stream.
    ///
    /// - Returns: the line, if there was one.
    public mutating func finish() -> String? {
        current.isEmpty ? nil : append([UInt8(ascii: "\n")]).first
    }

    private static func text(_ bytes: [UInt8]) -> String {
        let trimmed = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...]
        let scalars = String(decoding: trimmed, as: UTF8.self).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
