import Diagnostics

/// The checked value of an option.
enum OptionValue: Sendable, Equatable {
    case flag
    case integer(Int)
    case integers([Int])
    case span(ClosedRange<Int>)
    case number(Double)
    case text(String)
}

extension Option.Kind {
    /// Reads a value.
    ///
    /// - Parameters:
    ///   - text: what was given.
    ///   - place: the option or variable it was given by, for messages.
    /// - Throws: `Failure` (usage) that says what was expected.
    func value(of text: String, place: String) throws -> OptionValue {
        switch self {
        case .flag:
            throw Failure(.usage, "wrong value", at: "\(place)=\(text)", because: "it takes no value")
        case .integer(let range):
            if let value = Int(text), range.contains(value) { return .integer(value) }
        case .powerOfTwo(let bound):
            if let value = Int(text), (1...bound).contains(value), value & (value - 1) == 0 { return .integer(value) }
        case .integers(let range):
            let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            let inRange = values.compactMap { $0 }.filter(range.contains)
            if inRange.count == values.count, Set(inRange).count == values.count { return .integers(inRange) }
        case .span:
            let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            if bounds.count == 1, let count = bounds[0], (1...1 << 60).contains(count) { return .span(0...count - 1) }
            if bounds.count == 2, let first = bounds[0], let last = bounds[1], 0 <= first, first <= last, last < 1 << 60
            {
                return .span(first...last)
            }
        case .number(let range):
            if let value = Double(text), value.isFinite, range.contains(value) { return .number(value) }
        case .choice(let words):
            if words.contains(text) { return .text(text) }
        case .file, .folder, .word:
            if !text.isEmpty, !text.utf8.contains(0) { return .text(text) }
        case .text:
            return .text(text)
        }
        throw Failure(.usage, "wrong value", at: "\(place) \(text)", because: "expected \(expectation)")
    }

    /// What a right value is.
    private var expectation: String {
        switch self {
        case .flag: "nothing"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .powerOfTwo(let bound): "a power of two from 1 to \(bound)"
        case .integers(let range):
            "different whole numbers from \(range.lowerBound) to \(range.upperBound), separated by commas"
        case .span: "how many, such as 100, or the first and the last, such as 100-199"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): words.joined(separator: " or ")
        case .file: "the path of a file"
        case .folder: "the path of a folder"
        case .text, .word: "a text"
        }
    }
}
