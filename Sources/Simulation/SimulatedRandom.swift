import Tensors

/// A stream of random numbers that a seed replays.
struct SimulatedRandom {
    private let key: RandomKey
    private var draws: UInt64 = 0

    /// Starts one of the streams of a seed.
    init(seed: UInt64, stream: String = "simulation") {
        key = RandomKey(seed: seed).child(stream)
    }

    /// A number of a range.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        draws += 1
        return range.lowerBound + key.integer(below: range.count, at: draws)
    }

    /// True so many times in a thousand.
    mutating func happens(_ perMille: Int) -> Bool { number(in: 0...999) < perMille }
}
