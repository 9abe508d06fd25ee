/// How fast something grows, over the last seconds.
struct Rate {
    /// The seconds that are looked back on.
    static let window = 5.0
    /// The seconds between two samples; calls that come sooner only count.
    static let spacing = 0.1

    private var samples: [(seconds: Double, total: Double)] = []
    private var total = 0.0

    /// Starts to measure.
    mutating func start(at seconds: Double) {
        samples = [(seconds, 0)]
        total = 0
    }

    /// Counts an amount; costs a few operations but for ten times a second.
    mutating func add(_ amount: Double, at seconds: Double) {
        total += amount
        guard let last = samples.last else { return start(at: seconds) }
        guard seconds - last.seconds >= Self.spacing else { return }
        samples.append((seconds, total))
        let first = samples.lastIndex { seconds - $0.seconds >= Self.window } ?? 0
        samples.removeFirst(first)
    }

    /// The amount a second; nil while there is nothing to tell it from.
    var perSecond: Double? {
        guard let first = samples.first, let last = samples.last, last.seconds > first.seconds else { return nil }
        return (last.total - first.total) / (last.seconds - first.seconds)
    }
}
