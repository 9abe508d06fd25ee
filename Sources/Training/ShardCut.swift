/// A run of shards that goes to one worker, and where its examples lie in the batch.
struct ShardCut {
    let run: Range<Int>
    /// The examples of all its shards, counted from the first of the batch.
    let examples: Range<Int>
    /// Where each shard begins and ends, counted from the first example of the run.
    let bounds: [Int32]
}

/// How batches are cut into shards and runs, computed once for each size of a batch and number of workers.
struct ShardCuts {
    private struct Key: Hashable {
        let examples: Int
        let shards: Int
        let workers: Int
    }

    private var known: [Key: [ShardCut]] = [:]

    /// Cuts a batch into shards, and the shards into runs for some workers.
    mutating func cut(_ examples: Int, into shards: Int, for workers: Int) -> [ShardCut] {
        let key = Key(examples: examples, shards: shards, workers: min(workers, shards))
        if let cut = known[key] { return cut }
        // Words come in batches of many sizes, but few recipes have as many.
        if known.count >= 1024 { known.removeAll() }
        let cut = ShardPlan.runs(of: shards, for: workers).map { run in
            let ends = run.map { ShardPlan.bounds(shard: $0, of: shards, examples: examples) }
            let first = ends[0].lowerBound
            return ShardCut(
                run: run, examples: first..<ends[ends.count - 1].upperBound,
                bounds: [0] + ends.map { Int32($0.upperBound - first) })
        }
        known[key] = cut
        return cut
    }
}
