import Tensors
import Testing

@testable import Datasets

struct SamplerTests {
    private static let key = RandomKey(seed: 3)
    private static let sizes = [0, 1, 2, 7, 128, 1000]
    private static let batchSizes = [1, 3, 128]

    @Test(arguments: sizes, batchSizes)
    func shuffledHoldsEveryExampleOnce(count: Int, batchSize: Int) {
        let sampler = ShuffledSampler(count: count, batchSize: batchSize, key: Self.key)
        for epoch in 0..<3 {
            let order = sampler.order(epoch: epoch)
            #expect(order.examples.sorted() == Array(0..<Int32(count)))
            #expect(order.batchCount == sampler.batchCount)
            #expect((0..<order.batchCount).dropLast().allSatisfy { order[$0].count == batchSize })
            #expect(order == sampler.order(epoch: epoch))
        }
        if count > 100 {
            #expect(sampler.order(epoch: 0).examples != sampler.order(epoch: 1).examples)
            let other = ShuffledSampler(count: count, batchSize: batchSize, key: RandomKey(seed: 4))
            #expect(sampler.order(epoch: 0).examples != other.order(epoch: 0).examples)
        }
    }

    @Test(arguments: sizes, batchSizes)
    func sequentialKeepsTheOrder(count: Int, batchSize: Int) {
        let sampler = SequentialSampler(count: count, batchSize: batchSize)
        let order = sampler.order(epoch: 5)
        #expect(order.examples == Array(0..<Int32(count)))
        #expect(order.batchCount == sampler.batchCount)
        #expect((0..<order.batchCount).map { order[$0].count }.reduce(0, +) == count)
    }

    @Test(arguments: sizes, batchSizes)
    func bucketsHoldOneLength(count: Int, batchSize: Int) {
        let lengths = (0..<count).map { Int32(1 + Self.key.integer(below: 9, at: UInt64($0))) }
        let sampler = BucketSampler(lengths: lengths, batchSize: batchSize, key: Self.key)
        let order = sampler.order(epoch: 1)
        #expect(order.examples.sorted() == Array(0..<Int32(count)))
        #expect(order.batchCount == sampler.batchCount)
        for batch in 0..<order.batchCount {
            #expect(Set(order[batch].map { lengths[Int($0)] }).count == 1)
            #expect((1...batchSize).contains(order[batch].count))
        }
        #expect(order == sampler.order(epoch: 1))
        if count > 100 {
            #expect(order != sampler.order(epoch: 2))
            let sequence = (0..<order.batchCount).map { lengths[Int(order[$0].first ?? 0)] }
            #expect(sequence != sequence.sorted(), "batches are not shuffled among each other")
        }
    }

    @Test(arguments: sizes, batchSizes)
    func sortedBatchesHoldTheSameExamples(count: Int, batchSize: Int) {
        let base = ShuffledSampler(count: count, batchSize: batchSize, key: Self.key)
        // Two examples in three share their key with another.
        let sampler = SortedSampler(base) { UInt64($0 / 3 * 7 % 50) }
        let (order, expected) = (sampler.order(epoch: 2), base.order(epoch: 2))
        #expect(sampler.batchCount == base.batchCount)
        #expect(order.bounds == expected.bounds)
        for batch in 0..<order.batchCount {
            #expect(order[batch].sorted() == expected[batch].sorted())
            let keys = order[batch].map { $0 / 3 * 7 % 50 }
            #expect(keys == keys.sorted())
        }
        #expect(order == sampler.order(epoch: 2))
    }

    @Test func keysSortAsTheirSymbolsDo() {
        let words: [[UInt8]] = [[], [0, 1], [1], [1, 0, 5], [1, 0, 255], [1, 1], [9, 9, 9, 9, 9, 9, 9, 9]]
        let keys = words.map { SortedSampler.key($0) }
        #expect(keys == keys.sorted())
        #expect(Set(keys).count == words.count)
        #expect(SortedSampler.key(words[6] + [3]) == keys[6], "more than eight symbols count")
    }

    @Test(arguments: [0, 1, 5, 100_000])
    func windowsStayInside(count: Int) {
        let sampler = WindowSampler(count: count, batchSize: 6, batchesPerEpoch: 7, key: Self.key)
        let order = sampler.order(epoch: 0)
        #expect(order.batchCount == (count == 0 ? 0 : 7))
        #expect(sampler.batchCount == order.batchCount)
        #expect(order.examples.allSatisfy { $0 >= 0 && $0 < count })
        #expect((0..<order.batchCount).allSatisfy { order[$0].count == 6 })
        #expect(order == sampler.order(epoch: 0))
        if count > 1000 { #expect(order != sampler.order(epoch: 1)) }
    }
}
