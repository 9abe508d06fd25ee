import CSodium

/// Computes the SHA-256 of bytes that arrive in pieces, as people compare it with the published sums of data files.
struct SHA256 {
    private var state = crypto_hash_sha256_state()

    init() {
        crypto_hash_sha256_init(&state)
    }

    /// Takes the next piece.
    mutating func update(_ piece: UnsafeRawBufferPointer) {
        guard let start = piece.baseAddress else { return }
        crypto_hash_sha256_update(&state, start.assumingMemoryBound(to: UInt8.self), UInt64(piece.count))
    }

    /// Takes all bytes of a memory.
    mutating func update(_ memory: DataMemory) {
        memory.withBytes { update($0) }
    }

    /// The digest of all pieces as 64 hexadecimal digits; nothing may be added afterwards.
    mutating func hexadecimal() -> String {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_bytes()))
        crypto_hash_sha256_final(&state, &digest)
        return hexadecimalDigits(digest)
    }
}

extension DataMemory {
    /// The SHA-256 of all bytes.
    func sha256() -> String {
        var digest = SHA256()
        digest.update(self)
        return digest.hexadecimal()
    }
}
