import Datasets
import Questions
import Tensors

/// Computes pieces of work: the numeric half of a worker.
///
/// It may have several threads, which compute several shards of a piece at once; the result does not depend on them.
/// Belongs to one thread.
public final class ShardRunner: CrewTask {
    /// What one thread has to do with a piece of work, and what came of it.
    private final class Share {
        let run: Range<Int>
        /// Where its sum is written.
        let gradient: Storage
        var result: Result<Partial, any Error> = .success(Partial())

        init(_ run: Range<Int>, into gradient: Storage) {
            self.run = run
            self.gradient = gradient
        }
    }

    private let crew: any Crew
    private let lanes: [ShardLane]
    private let gradients: GradientSum
    private var reduction = CanonicalReduction(shards: 1)
    /// The shares of all threads, by the number of shards of a piece; only for more than one thread.
    private var shares: [Int: [Share]] = [:]
    /// The sums of the threads.
    private var sums: [Storage] = []
    /// The piece of work under way, and the shares of the threads.
    private var work: Work?
    private var current: [Share] = []

    /// Builds the model of a question over its data set, once for each thread.
    ///
    /// - Parameters:
    ///   - seed: keys the random numbers of the steps.
    ///   - crew: the threads that compute.
    /// - Throws: what the question throws when data or configuration do not fit.
    public init(_ question: any Question, data: DataSet, seed: UInt64, crew: any Crew = SingleThread()) throws {
        self.crew = crew
        lanes = try (0..<crew.count).map { _ in try ShardLane(question, data: data, seed: seed) }
        gradients = GradientSum(count: lanes[0].parameterCount, crew: crew)
    }

    /// The number of parameters, counted as single numbers.
    public var parameterCount: Int { lanes[0].parameterCount }

    /// Does a piece of work.
    ///
    /// Once it did the like, it allocates nothing.
    ///
    /// - Parameters:
    ///   - work: the work; its examples must exist in the data set.
    ///   - parameters: `parameterCount` values.
    ///   - gradient: where the sum of the gradients is written, for work of that kind; `parameterCount` values.
    /// - Returns: the answer; its `gradient` is `gradient` if a shard held examples, else nil.
    public func run(_ work: Work, parameters: UnsafeMutablePointer<Float>, gradient: Storage?) throws -> WorkResult {
        for lane in lanes { lane.use(parameters) }
        switch work.kind {
        case .gradient:
            guard let gradient else { preconditionFailure("work on gradients without memory for them") }
            return WorkResult(
                round: work.round, shards: work.shards, partial: try differentiate(work, into: gradient))
        case .evaluation:
            var partial = Partial()
            for shard in 0..<work.shards.count { partial.addCounts(try lanes[0].evaluate(work, shard)) }
            return WorkResult(round: work.round, shards: work.shards, partial: partial)
        case .search:
            return WorkResult(
                round: work.round, shards: work.shards, partial: Partial(), mistake: lanes[0].firstMistake(work))
        }
    }

    private func differentiate(_ work: Work, into gradient: Storage) throws -> Partial {
        let count = work.shards.count
        guard lanes.count > 1, count > 1 else { return try lanes[0].sum(work, 0..<count, into: gradient) }
        current = shares(of: count)
        self.work = work
        crew.perform(self, threads: current.count)
        self.work = nil
        reduction.restart(shards: count)
        for share in current { reduction.insert(try share.result.get(), run: share.run) }
        guard var total = reduction.total else { preconditionFailure("a piece of which something is missing") }
        guard reduction.hasGradient else { return total }
        _ = gradients.compute(reduction, into: gradient)
        if gradients.values != UnsafePointer(gradient.pointer) {
            gradient.pointer.update(from: gradients.values, count: parameterCount)
        }
        total.gradient = gradient
        return total
    }

    private func shares(of count: Int) -> [Share] {
        if let known = shares[count] { return known }
        let runs = ShardPlan.runs(of: count, for: lanes.count)
        while sums.count < runs.count { sums.append(Storage(count: parameterCount)) }
        let new = zip(runs, sums).map { Share($0, into: $1) }
        shares[count] = new
        return new
    }

    /// Computes the shards of one thread.
    public func perform(part: Int, of parts: Int) {
        guard let work else { return }
        precondition(parts == current.count, "\(parts) threads for \(current.count) shares")
        let share = current[part]
        share.result = Result { try lanes[part].sum(work, share.run, into: share.gradient) }
    }
}
