import Diagnostics
import Testing

@testable import Messaging

@Suite struct ByteReaderTests {
    @Test func `What was written is read back`() throws {
        var writer = ByteWriter()
        writer.write(UInt8(200))
        writer.write(UInt16(0xABCD))
        writer.write(UInt32.max)
        writer.write(UInt64.max - 1)
        writer.write(Int32(-5))
        writer.write(Double.pi)
        writer.write(-Float.infinity)
        writer.write(true)
        writer.write("zażółć")
        writer.write([1, 2, 3] as [UInt8])
        writer.write([0.5, -0.0] as [Float])
        writer.write(["a", "", "ccc"]) { $0.write($1) }
        #expect(writer.bytes.prefix(3) == [200, 0xCD, 0xAB])
        try writer.frame().decode { (reader: inout ByteReader) throws in
            #expect(try reader.read(UInt8.self) == 200)
            #expect(try reader.read(UInt16.self) == 0xABCD)
            #expect(try reader.read(UInt32.self) == .max)
            #expect(try reader.read(UInt64.self) == .max - 1)
            #expect(try reader.read(Int32.self) == -5)
            #expect(try reader.readDouble() == .pi)
            #expect(try reader.readFloat() == -.infinity)
            #expect(try reader.readBool())
            #expect(try reader.readString(maximum: 10) == "zażółć")
            #expect(try reader.readBytes(maximum: 3) == [1, 2, 3])
            #expect(try reader.readFloats(maximum: 2).map(\.bitPattern) == [Float(0.5).bitPattern, 0x8000_0000])
            #expect(try reader.readArray(maximum: 3) { try $0.readString(maximum: 3) } == ["a", "", "ccc"])
        }
    }

    @Test(
        arguments: [
            [], [1], [1, 0, 0], [1, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 255, 0], [4, 0, 0, 0, 1, 2, 3],
            [1, 0, 0, 0, 1, 1],
        ] as [[UInt8]]) func `Short, long and overcounted bodies are refused`(_ bytes: [UInt8]) throws
    {
        let frame = try Frame(copying: bytes)
        #expect(throws: Failure.self) { try frame.decode { try $0.readBytes(maximum: .max) } }
        #expect(throws: Failure.self) { try frame.decode { try $0.readFloats(maximum: .max) } }
        #expect(throws: Failure.self) {
            try frame.decode { try $0.readArray(maximum: .max) { try $0.read(UInt8.self) } }
        }
    }

    @Test func `Counts above the maximum, false truth values and broken UTF-8 are refused`() throws {
        let three = try Frame(copying: [3, 0, 0, 0, 65, 66, 67])
        #expect(try three.decode { try $0.readString(maximum: 3) } == "ABC")
        #expect(throws: Failure.self) { try three.decode { try $0.readString(maximum: 2) } }
        #expect(throws: Failure.self) { try Frame(copying: [2]).decode { try $0.readBool() } }
        #expect(throws: Failure.self) {
            try Frame(copying: [2, 0, 0, 0, 0xC3, 0x28]).decode { try $0.readString(maximum: 9) }
        }
    }

    @Test(arguments: 0..<200) func `Random bytes never trap`(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let count = Int(generator.next() % 200)
        let bytes = (0..<count).map { _ in
            generator.next() % 3 == 0 ? UInt8(0) : UInt8(truncatingIfNeeded: generator.next())
        }
        let frame = try Frame(copying: bytes)
        _ = try? WireHeader.decode(frame)
        _ = try? frame.decode { reader in
            _ = try reader.readArray(maximum: 1000) { reader in
                _ = try reader.readString(maximum: 100)
                _ = try reader.readFloats(maximum: 100)
                return try reader.readBool()
            }
        }
    }
}

/// A small generator of numbers for tests, after Steele, Lea and Flood (2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
