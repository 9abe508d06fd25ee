/// How long pieces of work took lately, by kind: what tells a slow piece from a usual one.
struct PieceTimes {
    /// No piece that has been out for less counts as slow.
    static let shortestSlow = Duration.milliseconds(50)
    private static let kept = 15

    /// The last times of one kind.
    private struct Recent {
        /// In the order of their coming; from `oldest` on once all places are taken.
        var times: [Duration] = []
        var oldest = 0
        /// The same times from the shortest to the longest.
        var sorted: [Duration] = []

        init() {
            times.reserveCapacity(kept)
            sorted.reserveCapacity(kept)
        }

        mutating func add(_ time: Duration) {
            if times.count == kept {
                if let place = sorted.firstIndex(of: times[oldest]) { sorted.remove(at: place) }
                times[oldest] = time
                oldest = (oldest + 1) % kept
            } else {
                times.append(time)
            }
            sorted.insert(time, at: sorted.firstIndex { $0 > time } ?? sorted.count)
        }
    }

    private var gradient = Recent()
    private var evaluation = Recent()
    private var search = Recent()

    /// Adds the time of a piece, from its assignment to its answer; allocates nothing.
    mutating func add(_ time: Duration, of kind: Work.Kind) {
        switch kind {
        case .gradient: gradient.add(time)
        case .evaluation: evaluation.add(time)
        case .search: search.add(time)
        }
    }

    /// The median of the last pieces of a kind; nil if there were none.
    func median(of kind: Work.Kind) -> Duration? {
        let sorted =
            switch kind {
            case .gradient: gradient.sorted
            case .evaluation: evaluation.sorted
            case .search: search.sorted
            }
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }

    /// The time after which a second worker may try a piece: three times the usual; nil if nothing is usual yet.
    func slow(_ kind: Work.Kind) -> Duration? {
        median(of: kind).map { max($0 * 3, Self.shortestSlow) }
    }
}
