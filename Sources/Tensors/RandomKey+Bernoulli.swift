import Kernels

extension RandomKey {
    /// Draws `count` independent flags, each 1 with the given probability, else 0.
    ///
    /// Flag i uses word i mod 4 at counter i / 4, of 32 random bits.
    ///
    /// - Parameters:
    ///   - flags: memory for `count` bytes.
    ///   - count: how many to draw.
    ///   - probability: in 0...1.
    public func bernoulli(_ flags: UnsafeMutablePointer<UInt8>, count: Int, probability: Float) {
        precondition(probability >= 0 && probability <= 1, "a probability of \(probability)")
        lockstep_bernoulli(flags, low, high, UInt64(Double(probability) * 0x1p32 + 0.5), count)
    }
}
