/// Bytes that nobody can guess.
enum Secret {
    /// 32 bytes from the system's source of randomness.
    static func random() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
