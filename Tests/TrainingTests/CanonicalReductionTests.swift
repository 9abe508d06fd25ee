import Tensors
import Testing

@testable import Training

@Suite struct CanonicalReductionTests {
    /// Numbers whose float32 sum depends on the order of addition.
    private static func gradient(_ shard: Int, count: Int = 5) -> Storage {
        let storage = Storage(count: count)
        for index in 0..<count {
            let magnitude: Float = shard % 2 == 0 ? 1e7 : 0.123
            storage.pointer[index] = magnitude * RandomKey(seed: UInt64(shard)).uniform(at: UInt64(index))
        }
        return storage
    }

    private static func partial(_ shard: Int, count: Int = 5) -> Partial {
        Partial(loss: 0.1 * Double(shard), terms: shard, correct: 1, gradient: gradient(shard, count: count))
    }

    /// A complete reduction's gradient in memory of its own, and its norm.
    private static func sum(_ reduction: CanonicalReduction, count: Int = 5, crew: any Crew = SingleThread()) -> (
        Storage, norm: Double
    ) {
        let sum = GradientSum(count: count, crew: crew)
        let memory = Storage(count: count)
        let norm = sum.compute(reduction, into: memory)
        let copy = Storage(count: count)
        copy.pointer.update(from: sum.values, count: count)
        return (copy, norm)
    }

    /// The contribution of a run, summed along the same tree.
    private static func sum(_ run: Range<Int>, count: Int = 5) throws -> Partial {
        var reduction = CanonicalReduction(shards: run.count)
        for (place, shard) in run.enumerated() {
            reduction.insert(partial(shard, count: count), run: place..<place + 1)
        }
        var total = try #require(reduction.total)
        total.gradient = sum(reduction, count: count).0
        return total
    }

    private static func bits(_ gradient: Storage) -> [UInt32] {
        (0..<gradient.count).map { gradient.pointer[$0].bitPattern }
    }

    @Test(arguments: 1...8, 0..<20)
    func anyDivisionAndOrderGivesTheSameBits(workers: Int, seed: Int) throws {
        let whole = try Self.sum(0..<8)
        var reduction = CanonicalReduction(shards: 8)
        let runs = ShardPlan.runs(of: 8, for: workers)
        for index in RandomKey(seed: UInt64(seed)).permutation(of: runs.count) {
            #expect(!reduction.isComplete)
            #expect(reduction.total == nil)
            reduction.insert(try Self.sum(runs[Int(index)]), run: runs[Int(index)])
        }
        let total = try #require(reduction.total)
        #expect(Self.bits(Self.sum(reduction).0) == Self.bits(whole.gradient!))
        #expect(total.loss == whole.loss)
        #expect(total.terms == 28)
        #expect(total.correct == 8)
    }

    @Test func theSumIsNotThatOfAnotherOrder() {
        var sequential: Float = 0
        var reduction = CanonicalReduction(shards: 8)
        for shard in 0..<8 {
            sequential += Float(bitPattern: Self.bits(Self.gradient(shard))[0])
            reduction.insert(Self.partial(shard), run: shard..<shard + 1)
        }
        let tree = Float(bitPattern: Self.bits(Self.sum(reduction).0)[0])
        #expect(abs(sequential - tree) < 64)
        #expect(sequential != tree, "the test's numbers do not tell one order from another")
    }

    @Test(arguments: 0..<16) func emptyShardsContributeNothing(present: Int) throws {
        var reduction = CanonicalReduction(shards: 4)
        var expected: [Storage?] = []
        for shard in 0..<4 {
            let isThere = present >> shard & 1 == 1 || shard == 2
            expected.append(isThere ? Self.gradient(shard) : nil)
            reduction.insert(isThere ? Self.partial(shard) : Partial(), run: shard..<shard + 1)
        }
        func add(_ left: [Float]?, _ right: [Float]?) -> [Float]? {
            guard let left, let right else { return left ?? right }
            return zip(left, right).map { $0 + $1 }
        }
        let leaves = expected.map { $0.map { storage in (0..<5).map { storage.pointer[$0] } } }
        let tree = try #require(add(add(leaves[0], leaves[1]), add(leaves[2], leaves[3])))
        #expect(Self.bits(Self.sum(reduction).0) == tree.map(\.bitPattern))
    }

    /// What a worker contributed is copied before its memory is written again; what others did is not.
    @Test func aContributionIsKeptWhenItsMemoryIsNeeded() throws {
        var reduction = CanonicalReduction(shards: 2)
        let partials = [Self.partial(0), Self.partial(1)]
        for shard in 0..<2 { reduction.insert(partials[shard], run: shard..<shard + 1, from: WorkerID(shard)) }
        let right = Self.bits(Self.sum(reduction).0)
        reduction.keep(from: WorkerID(0))
        partials[0].gradient?.pointer.update(repeating: 77, count: 5)
        #expect(Self.bits(Self.sum(reduction).0) == right)
        #expect(reduction.total?.terms == 1)
        partials[1].gradient?.pointer.update(repeating: 77, count: 5)
        #expect(Self.bits(Self.sum(reduction).0) != right)
    }

    // MARK: The kernel against plain loops

    /// Parts of a vector one after another, as if by several threads.
    private final class PosedCrew: Crew {
        let count: Int

        init(_ count: Int) { self.count = count }

        func perform(_ task: any CrewTask, threads: Int) {
            for part in (0..<count).reversed() { task.perform(part: part, of: count) }
        }
    }

    private static let lengths =
        Array(0...67) + [511, 512, 513, 4095, 4096, 4097, 8192, GradientSum.leastForThread, 40_000, 203_530]

    @Test(arguments: lengths, [1, 2, 4, 8]) func theSumAndItsNormAreThoseOfPlainLoops(count: Int, leaves: Int) throws {
        var reduction = CanonicalReduction(shards: leaves)
        let gradients = (0..<leaves).map { Self.gradient($0, count: count) }
        for leaf in 0..<leaves {
            reduction.insert(Partial(terms: 1, gradient: gradients[leaf]), run: leaf..<leaf + 1)
        }
        var level = gradients.map { Array(UnsafeBufferPointer(start: $0.pointer, count: count)) }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { pair in
                zip(level[pair], level[pair + 1]).map { $0 + $1 }
            }
        }
        let squares = level[0].reduce(0.0) { $0 + Double($1) * Double($1) }
        let (sum, norm) = Self.sum(reduction, count: count)
        #expect(Self.bits(sum) == level[0].map(\.bitPattern))
        #expect(abs(norm * norm - squares) <= 1e-12 * squares)
        // Neither the number of threads nor the order in which they come shows.
        for threads in [2, 3, 7] {
            let (other, otherNorm) = Self.sum(reduction, count: count, crew: PosedCrew(threads))
            #expect(Self.bits(other) == Self.bits(sum))
            #expect(otherNorm == norm)
        }
    }

    @Test(arguments: [0, 1, 15, 16, 4096, 8191], [Float.nan, .infinity, -.infinity])
    func aNormIsNotFiniteIfANumberIsNot(place: Int, number: Float) {
        let gradient = Self.gradient(0, count: 8192)
        gradient.pointer[place] = number
        for partials in [[gradient], [gradient, Self.gradient(1, count: 8192)]] {
            var reduction = CanonicalReduction(shards: partials.count)
            for (shard, gradient) in partials.enumerated() {
                reduction.insert(Partial(terms: 1, gradient: gradient), run: shard..<shard + 1)
            }
            #expect(!Self.sum(reduction, count: 8192).norm.isFinite)
        }
    }
}
