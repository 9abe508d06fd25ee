import Tensors

/// Draws one random number after the other from a key.
struct RandomStream {
    private let key: RandomKey
    private var counter: UInt64 = 0
    private var words: [UInt32] = []

    init(_ key: RandomKey) {
        self.key = key
    }

    /// The next 32 random bits.
    mutating func word() -> UInt32 {
        if words.isEmpty {
            let block = key.words(at: counter)
            words = [block.3, block.2, block.1, block.0]
            counter += 1
        }
        return words.removeLast()
    }

    /// Uniform in [0, 1).
    mutating func uniform() -> Float { Float(word() >> 8) * 0x1p-24 }

    /// Uniform in [low, high).
    mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * uniform() }

    /// Uniform in 0..<bound; `bound` must be above 0 and fit 32 bits.
    mutating func integer(below bound: Int) -> Int { Int((UInt64(word()) &* UInt64(bound)) >> 32) }

    /// About normal, with mean 0 and variance 1: the sum of four uniform numbers, scaled.
    mutating func bell() -> Float {
        (uniform() + uniform() + uniform() + uniform() - 2) * 1.732_050_8
    }

    /// One of some values, all equally likely.
    mutating func choose<Value>(_ values: [Value]) -> Value { values[integer(below: values.count)] }

    /// One of some values, of which earlier ones are likelier, as words of a language are (Zipf's law, flattened).
    mutating func chooseEarly<Value>(_ values: [Value]) -> Value {
        let position = uniform()
        return values[Int(position * (0.3 + 0.7 * position) * Float(values.count))]
    }
}
