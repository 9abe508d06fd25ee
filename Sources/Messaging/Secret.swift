import CSodium

/// Bytes that nobody can guess, by which a worker proves that it belongs to a run.
public struct Secret: Sendable, CustomStringConvertible {
    /// The number of bytes of a fresh secret.
    public static let byteCount = 32

    /// The bytes; never log them.
    public let bytes: [UInt8]

    /// Takes over bytes that were handed over.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A fresh secret from the system's source of randomness.
    public static func random() -> Secret {
        precondition(sodium_init() >= 0, "libsodium has no source of random numbers")
        var bytes = [UInt8](repeating: 0, count: byteCount)
        randombytes_buf(&bytes, bytes.count)
        return Secret(bytes)
    }

    /// Whether two secrets are equal, in a time that does not tell where they differ.
    public func matches(_ other: Secret) -> Bool {
        bytes.count == other.bytes.count && sodium_memcmp(bytes, other.bytes, bytes.count) == 0
    }

    /// A constant in place of the bytes.
    public var description: String { "(secret)" }
}
