import Testing
import Training

@Suite struct ShardPlanTests {
    @Test(arguments: [1, 2, 4, 8, 16], [0, 1, 2, 3, 5, 128, 129])
    func shardsCoverTheBatchOnceInOrder(shards: Int, examples: Int) {
        var next = 0
        for shard in 0..<shards {
            let bounds = ShardPlan.bounds(shard: shard, of: shards, examples: examples)
            #expect(bounds.lowerBound == next)
            next = bounds.upperBound
        }
        #expect(next == examples)
    }

    @Test(arguments: [1, 2, 4, 8, 16], 1...9)
    func runsAreAlignedAndCoverTheShards(shards: Int, workers: Int) {
        let runs = ShardPlan.runs(of: shards, for: workers)
        #expect(runs.count == min(workers, shards))
        #expect(runs.flatMap { Array($0) } == Array(0..<shards))
        for run in runs {
            #expect(run.count & (run.count - 1) == 0)
            #expect(run.lowerBound % run.count == 0)
        }
    }

    @Test func threeWorkersShareFourShards() {
        #expect(ShardPlan.runs(of: 4, for: 3) == [0..<1, 1..<2, 2..<4])
    }
}
