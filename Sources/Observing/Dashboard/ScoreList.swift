import Questions

/// The scores of a question, of bounded growth: of each split the first thousand, then every second, fourth, eighth one.
///
/// What was taken in once stays, so that changes only add.
struct ScoreList {
    /// The scores of a split that are all taken in.
    static let dense = 1024
    /// How many more are taken in before every second of them is left out.
    static let spacing = 512

    private struct Count {
        var seen = 0
        var kept = 0
        var stride = 1
    }

    private(set) var scores: [RunState.Score] = []
    private var counts: [Split: Count] = [:]
    private var firstNew = 0

    mutating func add(_ score: RunState.Score) {
        var count = counts[score.split] ?? Count()
        if count.seen % count.stride == 0 {
            scores.append(score)
            count.kept += 1
            if count.kept >= Self.dense, count.kept % Self.spacing == 0 { count.stride *= 2 }
        }
        count.seen += 1
        counts[score.split] = count
    }

    /// Those that are new since the last time.
    mutating func takeChange() -> [RunState.Score] {
        defer { firstNew = scores.count }
        return Array(scores[firstNew...])
    }
}
