import CSodium

/// The BLAKE2b-256 hash of some bytes: the name under which a data set travels and is kept.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// The number of bytes of a hash.
    public static let byteCount = 32

    /// The bytes of the hash.
    public let bytes: [UInt8]

    /// Takes the bytes of a hash; nil unless there are 32.
    public init?(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        guard self.bytes.count == Self.byteCount else { return nil }
    }

    /// Reads 64 hexadecimal digits; nil if the text is anything else.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard text.utf8.count == 2 * Self.byteCount, digits.count == 2 * Self.byteCount else { return nil }
        self.init(bytes: (0..<Self.byteCount).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) })
    }

    /// The hash of some bytes.
    public init(of content: UnsafeRawBufferPointer) {
        var hasher = ContentHasher()
        hasher.update(content)
        self = hasher.finish()
    }

    /// The hash as 64 hexadecimal digits.
    public var description: String { hexadecimalDigits(bytes) }
}

/// Computes a content hash of bytes that arrive in pieces.
struct ContentHasher: ~Copyable {
    // The C type is aligned to 64 bytes, which Swift does not import.
    private let memory: UnsafeMutableRawPointer
    private var state: OpaquePointer { OpaquePointer(memory) }

    init() {
        // Chooses the fastest implementation; a no-op after the first call.
        precondition(sodium_init() >= 0, "libsodium cannot start")
        memory = UnsafeMutableRawPointer.allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
        crypto_generichash_init(state, nil, 0, ContentHash.byteCount)
    }

    deinit {
        memory.deallocate()
    }

    /// Takes the next piece.
    mutating func update(_ piece: UnsafeRawBufferPointer) {
        guard let start = piece.baseAddress else { return }
        crypto_generichash_update(state, start.assumingMemoryBound(to: UInt8.self), UInt64(piece.count))
    }

    /// The hash of all pieces; nothing may be added afterwards.
    mutating func finish() -> ContentHash {
        var bytes = [UInt8](repeating: 0, count: ContentHash.byteCount)
        crypto_generichash_final(state, &bytes, bytes.count)
        guard let hash = ContentHash(bytes: bytes) else { preconditionFailure("a hash has 32 bytes") }
        return hash
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimalDigits(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
