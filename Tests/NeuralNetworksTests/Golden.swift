import Foundation
import Tensors
import Testing

/// A tensor of the golden files that both sides compute: shape, and the numbers of the formula.
struct Filled: Decodable, Sendable {
    let name: String
    let shape: [Int]
    let salt: UInt64
    let scale: Double
    let offset: Double

    /// The number at each flat index, as tools/reference/golden.py defines it.
    var values: [Float] {
        (0..<shape.reduce(1, *)).map { index in
            let word = UInt32(truncatingIfNeeded: UInt64(index) &* 2_654_435_761 &+ salt &* 40503 &+ 12345)
            return Float((Double(word) / 4_294_967_296 - 0.5) * 2 * scale + offset)
        }
    }

    var tensor: Tensor { Tensor(values, shape: Shape(shape)) }
}

/// Integers of the golden files.
struct Listed: Decodable, Sendable {
    let name: String
    let shape: [Int]
    let values: [Int32]
}

/// A case of a golden file: it has a name of its own.
protocol GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
    var name: String { get }
}

extension GoldenCase {
    var testDescription: String { name }
}

/// A golden file: results of PyTorch, as tools/reference/golden.py writes them.
struct GoldenFile<Case: GoldenCase>: Decodable {
    let format: Int
    let cases: [Case]

    /// Reads `Tests/Golden/<name>.json`.
    static func cases(_ name: String) throws -> [Case] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Golden/\(name).json"))
        let file = try JSONDecoder().decode(Self.self, from: data)
        try #require(file.format == 1)
        return file.cases
    }
}

/// Checks that two lists of numbers agree to a tolerance, relative to numbers above 1.
func expectClose(
    _ actual: [Float], _ expected: [Float], _ tolerance: Float, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual.count == expected.count, comment, sourceLocation: sourceLocation)
    for (index, (a, b)) in zip(actual, expected).enumerated() where !(abs(a - b) <= tolerance * max(1, abs(b))) {
        Issue.record("\(comment?.rawValue ?? "") [\(index)]: \(a) instead of \(b)", sourceLocation: sourceLocation)
        return
    }
}
