/// How a global batch is cut into shards, and the shards into runs for workers.
///
/// The cut depends on the batch and the number of shards only, never on the workers.
public enum ShardPlan {
    /// The first and past-the-last example of a shard: i·n/S to (i+1)·n/S; empty if there are fewer examples than shards.
    public static func bounds(shard: Int, of shards: Int, examples: Int) -> Range<Int> {
        shard * examples / shards..<(shard + 1) * examples / shards
    }

    /// Cuts 0..<shards into aligned runs of power-of-two lengths, one for each worker as far as there are shards.
    ///
    /// A run (start, length) is aligned when start is a multiple of length, so that its sum is a node of the perfect
    /// binary tree over the shards. The longest run is halved first.
    ///
    /// - Parameters:
    ///   - shards: a power of two.
    ///   - workers: at least 1.
    public static func runs(of shards: Int, for workers: Int) -> [Range<Int>] {
        precondition(shards > 0 && shards & (shards - 1) == 0 && workers > 0)
        var runs = [0..<shards]
        while runs.count < min(workers, shards) {
            let longest = runs.indices.max {
                runs[$0].count < runs[$1].count || (runs[$0].count == runs[$1].count && $0 > $1)
            }
            guard let longest, runs[longest].count > 1 else { break }
            let run = runs[longest]
            let middle = run.lowerBound + run.count / 2
            runs.replaceSubrange(longest...longest, with: [run.lowerBound..<middle, middle..<run.upperBound])
        }
        return runs
    }
}
