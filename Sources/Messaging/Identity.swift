/// The routing identity by which a router socket tells its peers apart.
///
/// A small value to be used as a key; a worker that reconnects with another socket has another identity.
public struct Identity: Hashable, Sendable, CustomStringConvertible {
    /// The bytes, at most 255.
    public let bytes: [UInt8]

    /// Creates an identity from its bytes.
    ///
    /// - Parameter bytes: 1 to 255 bytes.
    /// - Returns: nil when there are too few or too many.
    public init?(_ bytes: [UInt8]) {
        guard (1...255).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// Creates an identity from the first frame of a message that a router received.
    ///
    /// - Returns: nil when the frame cannot be one.
    public init?(_ frame: Frame) {
        self.init(frame.bytes)
    }

    /// The identity as hexadecimal digits, for logs.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// The frame to be put before a message to this peer.
    ///
    /// - Throws: `Failure` when there is no memory.
    public func frame() throws -> Frame { try Frame(copying: bytes) }
}
