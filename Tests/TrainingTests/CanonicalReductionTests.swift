import Tensors
import Testing
import Training

@Suite struct CanonicalReductionTests {
    /// Numbers whose float32 sum depends on the order of addition.
    private static func gradient(_ shard: Int) -> Storage {
        let storage = Storage(count: 5)
        for index in 0..<5 {
            let magnitude: Float = shard % 2 == 0 ? 1e7 : 0.123
            storage.pointer[index] = magnitude * RandomKey(seed: UInt64(shard)).uniform(at: UInt64(index))
        }
        return storage
    }

    private static func partial(_ shard: Int) -> Partial {
        Partial(loss: 0.1 * Double(shard), terms: shard, correct: 1, gradient: gradient(shard))
    }

    /// The contribution of a run, summed along the same tree.
    private static func sum(_ run: Range<Int>) -> Partial {
        var reduction = CanonicalReduction(shards: run.count)
        for (place, shard) in run.enumerated() { reduction.insert(partial(shard), run: place..<place + 1) }
        return reduction.result!
    }

    private static func bits(_ partial: Partial) -> [UInt32] {
        (0..<5).map { partial.gradient!.pointer[$0].bitPattern }
    }

    @Test(arguments: 1...8, 0..<20)
    func anyDivisionAndOrderGivesTheSameBits(workers: Int, seed: Int) {
        let whole = Self.sum(0..<8)
        var reduction = CanonicalReduction(shards: 8)
        let runs = ShardPlan.runs(of: 8, for: workers)
        for index in RandomKey(seed: UInt64(seed)).permutation(of: runs.count) {
            #expect(reduction.result == nil)
            reduction.insert(Self.sum(runs[Int(index)]), run: runs[Int(index)])
        }
        #expect(Self.bits(reduction.result!) == Self.bits(whole))
        #expect(reduction.result!.loss == whole.loss)
        #expect(reduction.result!.terms == 28)
    }

    @Test func theSumIsNotThatOfAnotherOrder() {
        var sequential: Float = 0
        for shard in 0..<8 { sequential += Float(bitPattern: Self.bits(Self.partial(shard))[0]) }
        let tree = Float(bitPattern: Self.bits(Self.sum(0..<8))[0])
        #expect(abs(sequential - tree) < 64)
        #expect(sequential != tree, "the test's numbers do not tell one order from another")
    }

    @Test func emptyShardsContributeNothing() {
        var reduction = CanonicalReduction(shards: 4)
        for shard in 0..<4 { reduction.insert(shard == 2 ? Self.partial(2) : Partial(), run: shard..<shard + 1) }
        #expect(Self.bits(reduction.result!) == Self.bits(Self.partial(2)))
    }
}
