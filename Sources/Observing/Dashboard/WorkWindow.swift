/// What a worker did in the last two seconds.
struct WorkWindow {
    /// The seconds that are looked back on.
    static let length = 2.0
    private static let bucketCount = 8
    private static let bucketLength = length / Double(bucketCount)

    /// Sums over a part of the time.
    struct Sums {
        /// Seconds from hand-outs to answers.
        var busy = 0.0
        /// Seconds of computing, a part of `busy`.
        var compute = 0.0
        /// Training examples.
        var examples = 0
        /// Pieces of any kind.
        var pieces = 0
    }

    private var buckets = Array(repeating: Sums(), count: bucketCount)
    private var newest = 0
    private var began: Double?

    /// Adds a piece of work that was handed out and answered.
    ///
    /// - Parameter examples: how many were trained on.
    mutating func add(assigned: Double, answered: Double, compute: Double, examples: Int) {
        if sums(at: answered).pieces == 0 { began = assigned }
        let bucket = Self.bucket(of: answered)
        for passed in 0..<max(0, min(bucket - newest, Self.bucketCount)) {
            buckets[(bucket - passed) % Self.bucketCount] = Sums()
        }
        newest = max(newest, bucket)
        let busy = max(0, answered - assigned)
        let place = newest % Self.bucketCount
        buckets[place].busy += busy
        buckets[place].compute += max(0, min(compute, busy))
        buckets[place].examples += examples
        buckets[place].pieces += 1
    }

    /// What there was up to a moment.
    func sums(at seconds: Double) -> Sums {
        let oldest = Self.bucket(of: seconds) - Self.bucketCount + 1
        var total = Sums()
        for bucket in max(oldest, newest - Self.bucketCount + 1, 0)..<max(newest + 1, oldest, 0) {
            let sums = buckets[bucket % Self.bucketCount]
            total.busy += sums.busy
            total.compute += sums.compute
            total.examples += sums.examples
            total.pieces += sums.pieces
        }
        return total
    }

    /// The shares of the time, and the examples a second; nil if there was nothing.
    func shares(at seconds: Double) -> (compute: Double, exchange: Double, wait: Double, examples: Double)? {
        let sums = sums(at: seconds)
        guard sums.pieces > 0, let began else { return nil }
        let span = max(min(Self.length, seconds - began), Self.bucketLength)
        // Pieces may overlap, and last longer than is looked back on.
        let whole = max(span, sums.busy)
        return (
            sums.compute / whole, (sums.busy - sums.compute) / whole, 1 - sums.busy / whole,
            Double(sums.examples) / whole
        )
    }

    private static func bucket(of seconds: Double) -> Int { max(0, Int(min(seconds, 1e12) / bucketLength)) }
}
