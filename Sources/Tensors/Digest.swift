import CSodium

/// SHA-256 of bytes that come in pieces, by libsodium.
public struct Digest {
    private var state = crypto_hash_sha256_state()

    /// A digest of nothing yet.
    public init() {
        crypto_hash_sha256_init(&state)
    }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        crypto_hash_sha256_update(&state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// The digest of all bytes so far, as 64 hexadecimal digits.
    public var hexadecimal: String {
        var copy = state
        var sum = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&copy, &sum)
        let digits = Array("0123456789abcdef")
        return String(sum.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension Storage {
    /// SHA-256 of the values as float32 little-endian, as 64 hexadecimal digits.
    public var sha256: String {
        var digest = Digest()
        // Every platform Swift runs Linux on is little-endian.
        digest.update(UnsafeRawBufferPointer(start: pointer, count: count * MemoryLayout<Float>.stride))
        return digest.hexadecimal
    }
}
