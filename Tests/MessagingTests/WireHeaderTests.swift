import Diagnostics
import Testing

@testable import Messaging

@Suite struct WireHeaderTests {
    static let header = WireHeader(
        kind: 0x0102, step: 0x1112_1314_1516_1718, epoch: 0x2122_2324, shardStart: 3, shardCount: 4,
        payloadLength: 1 << 40, loss: -1.5, count: 99)

    @Test func `A header survives the way, and its layout is fixed`() throws {
        let frame = try Self.header.frame()
        #expect(try WireHeader.decode(frame) == Self.header)
        let bytes = frame.bytes
        #expect(bytes.count == 64)
        #expect(
            bytes[..<20] == [
                0x4C, 0x4B, 0x53, 0x54, 1, 0, 2, 1, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x24, 0x23, 0x22,
                0x21,
            ])
        #expect(bytes[20..<32] == [3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0])
        #expect(bytes[32..<40] == [0, 0, 0, 0, 0, 1, 0, 0])
        #expect(bytes[40..<48] == [0, 0, 0, 0, 0, 0, 0xF8, 0xBF])
        #expect(bytes[48..<64] == [99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: [0, 1, 63, 65, 128]) func `Another length is refused`(_ count: Int) throws {
        let bytes = Array((try Self.header.frame().bytes + [UInt8](repeating: 0, count: 64)).prefix(count))
        let failure = #expect(throws: Failure.self) { try WireHeader.decode(Frame(copying: bytes)) }
        #expect(failure?.cause == "it has \(count) bytes instead of 64")
    }

    @Test(arguments: [0, 3, 28, 31, 56, 63]) func `A wrong magic or reserved field is refused`(_ offset: Int) throws {
        var bytes = try Self.header.frame().bytes
        bytes[offset] ^= 0x80
        let failure = #expect(throws: Failure.self) { try WireHeader.decode(Frame(copying: bytes)) }
        #expect(
            failure?.cause
                == (offset < 4 ? "the peer does not speak Lockstep's protocol" : "a reserved field is not zero"))
    }

    @Test func `Another version is refused and named beside ours`() throws {
        let frame = try Frame(count: WireHeader.size) { Self.header.encode(into: $0, version: 42) }
        let failure = #expect(throws: Failure.self) { try WireHeader.decode(frame) }
        #expect(failure?.cause?.contains("42") == true)
        #expect(failure?.cause?.contains("\(WireHeader.protocolVersion)") == true)
    }

    @Test func `Numbers that overflow are refused`() throws {
        var shards = Self.header
        shards.shardStart = .max
        #expect(throws: Failure.self) { try WireHeader.decode(shards.frame()) }
        var length = Self.header
        length.payloadLength = .max
        #expect(throws: Failure.self) { try WireHeader.decode(length.frame()) }
    }
}
