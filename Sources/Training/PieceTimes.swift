/// How long pieces of work took lately, by kind: what tells a slow piece from a usual one.
struct PieceTimes {
    /// No piece that has been out for less counts as slow.
    static let shortestSlow = Duration.milliseconds(50)
    private static let kept = 15
    private var times: [Work.Kind: [Duration]] = [:]

    /// Adds the time of a piece, from its assignment to its answer.
    mutating func add(_ time: Duration, of kind: Work.Kind) {
        var recent = times[kind, default: []]
        if recent.count == Self.kept { recent.removeFirst() }
        recent.append(time)
        times[kind] = recent
    }

    /// The median of the last pieces of a kind; nil if there were none.
    func median(of kind: Work.Kind) -> Duration? {
        guard let recent = times[kind], !recent.isEmpty else { return nil }
        return recent.sorted()[recent.count / 2]
    }

    /// The time after which a second worker may try a piece: three times the usual; nil if nothing is usual yet.
    func slow(_ kind: Work.Kind) -> Duration? {
        median(of: kind).map { max($0 * 3, Self.shortestSlow) }
    }
}
