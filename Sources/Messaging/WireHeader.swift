import Diagnostics

/// The fixed header before every message between coordinator and worker: 64 bytes, little-endian.
///
///     0 magic "LKST"   4 version u16   6 kind u16   8 step u64    16 epoch u32   20 shard start u32
///     24 shard count u32   28 zero u32   32 payload bytes u64   40 loss f64   48 count u64   56 zero u64
public struct WireHeader: Hashable, Sendable {
    /// The size of an encoded header in bytes.
    public static let size = 64
    /// The version of the protocol that this build speaks.
    public static let protocolVersion: UInt16 = 1
    /// `LKST` as a little-endian number.
    static let magic: UInt32 = 0x5453_4B4C

    /// What the message means; the receiver knows the numbers.
    public var kind: UInt16
    /// The step of the training, or the request, that the message belongs to.
    public var step: UInt64
    /// The membership epoch: it grows whenever the assignment of shards starts anew.
    public var epoch: UInt32
    /// The first shard concerned.
    public var shardStart: UInt32
    /// The number of shards concerned.
    public var shardCount: UInt32
    /// The bytes of payload, over all frames that follow.
    public var payloadLength: UInt64
    /// The sum of losses, where the message reports one; any bit pattern, so check it before use.
    public var loss: Double
    /// A count that belongs to the message, as of right answers.
    public var count: UInt64

    /// Creates a header; what a message does not use stays zero.
    public init(
        kind: UInt16, step: UInt64 = 0, epoch: UInt32 = 0, shardStart: UInt32 = 0, shardCount: UInt32 = 0,
        payloadLength: UInt64 = 0, loss: Double = 0, count: UInt64 = 0
    ) {
        self.kind = kind
        self.step = step
        self.epoch = epoch
        self.shardStart = shardStart
        self.shardCount = shardCount
        self.payloadLength = payloadLength
        self.loss = loss
        self.count = count
    }

    /// The header as a frame.
    ///
    /// - Throws: `Failure` when there is no memory.
    public func frame() throws -> Frame {
        try Frame(count: Self.size) { encode(into: $0) }
    }

    /// Writes the header.
    ///
    /// - Parameter bytes: exactly `size` bytes.
    public func encode(into bytes: UnsafeMutableRawBufferPointer) {
        encode(into: bytes, version: Self.protocolVersion)
    }

    func encode(into bytes: UnsafeMutableRawBufferPointer, version: UInt16) {
        precondition(bytes.count == Self.size)
        func put(_ value: some FixedWidthInteger, at offset: Int) {
            bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
        }
        put(Self.magic, at: 0)
        put(version, at: 4)
        put(kind, at: 6)
        put(step, at: 8)
        put(epoch, at: 16)
        put(shardStart, at: 20)
        put(shardCount, at: 24)
        put(UInt32(0), at: 28)
        put(payloadLength, at: 32)
        put(loss.bitPattern, at: 40)
        put(count, at: 48)
        put(UInt64(0), at: 56)
    }

    /// Reads and checks a header.
    ///
    /// - Parameter bytes: a whole frame.
    /// - Throws: `Failure` (workers) when the length, the magic, the version or a reserved field is wrong, or when the
    ///   run of shards overflows; another version is named beside this one.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws -> WireHeader {
        func refused(_ cause: String, _ remedy: String? = nil) -> Failure {
            Failure(.workers, "cannot read a message's header", because: cause, remedy: remedy)
        }
        guard bytes.count == size else { throw refused("it has \(bytes.count) bytes instead of \(size)") }
        var reader = ByteReader(bytes)
        guard try reader.read() == magic else { throw refused("the peer does not speak Lockstep's protocol") }
        let version: UInt16 = try reader.read()
        guard version == protocolVersion else {
            throw refused(
                "the peer speaks version \(version) of the protocol, this build version \(protocolVersion)",
                "run the same build on every host")
        }
        var header = WireHeader(kind: try reader.read())
        header.step = try reader.read()
        header.epoch = try reader.read()
        header.shardStart = try reader.read()
        header.shardCount = try reader.read()
        let firstReserved: UInt32 = try reader.read()
        header.payloadLength = try reader.read()
        header.loss = try reader.readDouble()
        header.count = try reader.read()
        let secondReserved: UInt64 = try reader.read()
        guard firstReserved == 0, secondReserved == 0 else { throw refused("a reserved field is not zero") }
        guard !header.shardStart.addingReportingOverflow(header.shardCount).overflow else {
            throw refused("the run of shards overflows")
        }
        guard header.payloadLength <= UInt64(Int64.max) else { throw refused("the payload's length overflows") }
        return header
    }

    /// Reads and checks the header in a frame, as `decode(_:)` over its bytes.
    public static func decode(_ frame: Frame) throws -> WireHeader {
        try frame.withBytes { try decode($0) }
    }
}
