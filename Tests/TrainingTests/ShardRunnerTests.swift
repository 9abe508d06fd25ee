import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// What a worker computes depends on its work alone.
@Suite struct ShardRunnerTests {
    private static func work(_ examples: Int) -> Work {
        Work(
            kind: .gradient, round: 1, generation: 0, step: 3, split: .training, shards: 0..<1,
            bounds: [0, Int32(examples)], examples: ArraySlice(0..<Int32(examples)))
    }

    /// Dropout draws the same numbers whichever layouts of a shard were recorded before.
    @Test func whatWasComputedBeforeDoesNotMatter() throws {
        let (question, data) = try Toy.make()
        func gradient(of works: [Work]) throws -> String {
            let runner = try ShardRunner(question, data: data, seed: 1)
            let session = try Session(question, data: data, seed: 1)
            let sum = Storage(count: runner.parameterCount)
            for work in works {
                _ = try runner.run(work, parameters: session.parameters.values.pointer, gradient: sum)
            }
            return sum.sha256
        }
        let fresh = try gradient(of: [Self.work(5)])
        #expect(try gradient(of: [Self.work(8), Self.work(2), Self.work(5)]) == fresh)
    }
}
