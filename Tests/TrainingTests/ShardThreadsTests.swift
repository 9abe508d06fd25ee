import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// A worker of several threads computes what one of a single thread does, to the last bit.
@Suite struct ShardThreadsTests {
    /// Does the parts of a task one after another, the last first, as threads might.
    private final class PosedCrew: Crew {
        let count: Int

        init(_ count: Int) { self.count = count }

        func perform(_ task: any CrewTask, threads: Int) {
            let parts = max(1, min(threads, count))
            for part in (0..<parts).reversed() { task.perform(part: part, of: parts) }
        }
    }

    private static func gradient(_ shards: Range<Int>, of total: Int, examples: Int, threads: Int) throws -> [String] {
        let (question, data) = try Toy.make()
        let session = try Session(question, data: data, seed: 1)
        let runner = try ShardRunner(question, data: data, seed: 1, crew: PosedCrew(threads))
        let ends = shards.map { ShardPlan.bounds(shard: $0, of: total, examples: examples).upperBound }
        let first = ShardPlan.bounds(shard: shards.lowerBound, of: total, examples: examples).lowerBound
        return try (0..<3).map { step in
            let gradient = Storage(count: runner.parameterCount)
            gradient.pointer.update(repeating: .nan, count: gradient.count)
            let work = Work(
                kind: .gradient, round: 1, generation: 0, step: UInt64(step), split: .training, shards: shards,
                bounds: [0] + ends.map { Int32($0 - first) },
                examples: ArraySlice((first..<(ends.last ?? first)).map(Int32.init)))
            let partial = try runner.run(work, parameters: session.parameters.values.pointer, gradient: gradient)
                .partial
            #expect(partial.gradient === gradient)
            return "\(gradient.sha256) \(partial.loss.bitPattern) \(partial.terms) \(partial.correct)"
        }
    }

    @Test(arguments: [0..<8, 0..<4, 4..<8, 6..<8, 7..<8], [1, 3, 5, 8, 37])
    func theThreadsDoNotShow(shards: Range<Int>, examples: Int) throws {
        // Some shards are empty; where all are, there is no work.
        let range =
            ShardPlan.bounds(shard: shards.lowerBound, of: 8, examples: examples)
            .lowerBound..<ShardPlan.bounds(shard: shards.upperBound - 1, of: 8, examples: examples).upperBound
        guard !range.isEmpty else { return }
        let alone = try Self.gradient(shards, of: 8, examples: examples, threads: 1)
        #expect(Set(alone).count == 3, "steps draw other numbers")
        for threads in [2, 3, 4, 8, 11] {
            #expect(try Self.gradient(shards, of: 8, examples: examples, threads: threads) == alone)
        }
    }
}
