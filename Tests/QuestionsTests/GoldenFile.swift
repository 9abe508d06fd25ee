import Foundation
import Tensors

/// The golden file of the questions: see tools/reference/golden.py.
struct GoldenFile: Decodable {
    /// Numbers by a formula.
    struct Filled: Decodable {
        let shape: [Int]
        let salt: Int
        let scale: Double
        let offset: Double

        var count: Int { shape.reduce(1, *) }

        /// The numbers, in float64, then rounded.
        ///
        /// value(i) = (((i · 2654435761 + salt · 40503 + 12345) mod 2³²) / 2³² − 0.5) · 2 · scale + offset
        var values: [Float] {
            (0..<count).map { index in
                let mixed = UInt64(index) &* 2_654_435_761 &+ UInt64(salt) &* 40503 &+ 12345
                return Float((Double(mixed & 0xffff_ffff) / 4_294_967_296 - 0.5) * 2 * scale + offset)
            }
        }
    }

    /// Integers as they are.
    struct Listed: Decodable {
        let values: [Int32]
    }

    /// The batch of a step.
    struct Step: Decodable {
        let inputs: [Filled]
        let indices: [Listed]
    }

    /// A parameter after the last step.
    struct Final: Decodable {
        let name: String
        let compared: Int
        let norm: Double
        let first: [Float]
    }

    /// How steps are made.
    struct Optimizer: Decodable {
        let name: String
        let weightDecay: Double
    }

    /// Ten steps of a question.
    struct Case: Decodable {
        let name: String
        let parameters: [Filled]
        let optimizer: Optimizer
        let rates: [Float]
        let clipNorm: Double?
        let steps: [Step]
        let losses: [Double]
        let norms: [Double]
        let final: [Final]
    }

    let cases: [Case]

    /// Reads the file.
    static func questions() throws -> GoldenFile {
        let file = packageRoot.appending(path: "Tests/Golden/questions.json")
        return try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: file))
    }
}
