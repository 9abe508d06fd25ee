/// Keyed random numbers without state: the same key and counter give the same number, wherever they are drawn.
///
/// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11). A key is derived
/// from a seed and any number of labels, so that each use (a parameter, a step, a shard) has a sequence of its own.
/// Values are plain and `Sendable`; drawing allocates nothing.
public struct RandomKey: Hashable, Sendable {
    let low: UInt32
    let high: UInt32

    /// The root key of a seed.
    public init(seed: UInt64) {
        low = UInt32(truncatingIfNeeded: seed)
        high = UInt32(truncatingIfNeeded: seed >> 32)
    }

    /// The key of one labelled use below this one; different labels give independent sequences.
    public func child(_ label: UInt64) -> RandomKey {
        // A block of the reserved upper half of the counter space, so that no draw repeats it.
        let block = philox(label, 0x8000_0000_0000_0000)
        return RandomKey(seed: UInt64(block.0) | UInt64(block.1) << 32)
    }

    /// The key of a use named by a word, by its FNV-1a hash.
    public func child(_ name: String) -> RandomKey {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return child(hash)
    }

    /// The four random words at a counter.
    public func words(at counter: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
        philox(counter, 0)
    }

    /// A uniform number in [0, 1), with 24 random bits.
    public func uniform(at counter: UInt64) -> Float {
        Float(words(at: counter).0 >> 8) * 0x1p-24
    }

    /// A uniform integer in 0..<bound, without bias worth the name (64-bit multiply-shift; `bound` > 0).
    public func integer(below bound: Int, at counter: UInt64) -> Int {
        let word = words(at: counter)
        let wide = UInt64(word.0) | UInt64(word.1) << 32
        return Int(wide.multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A random order of 0..<count (Fisher–Yates).
    public func permutation(of count: Int) -> [Int32] {
        var order = [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count { buffer[index] = Int32(index) }
            initialized = count
        }
        if count > 1 {
            for last in stride(from: count - 1, to: 0, by: -1) {
                order.swapAt(last, integer(below: last + 1, at: UInt64(last)))
            }
        }
        return order
    }

    private func philox(_ counterLow: UInt64, _ counterHigh: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
        var c0 = UInt32(truncatingIfNeeded: counterLow)
        var c1 = UInt32(truncatingIfNeeded: counterLow >> 32)
        var c2 = UInt32(truncatingIfNeeded: counterHigh)
        var c3 = UInt32(truncatingIfNeeded: counterHigh >> 32)
        var k0 = low
        var k1 = high
        for _ in 0..<10 {
            let p0 = UInt64(c0) &* 0xD251_1F53
            let p1 = UInt64(c2) &* 0xCD9E_8D57
            (c0, c1, c2, c3) = (
                UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
                UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
            )
            k0 = k0 &+ 0x9E37_79B9
            k1 = k1 &+ 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }
}
