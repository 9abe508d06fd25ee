/// Deflated bytes made by hand (RFC 1951), as far as the tests need them.
enum DeflateWriter {
    /// Bytes as stored blocks.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let piece = rest.prefix(65_535)
            rest = rest.dropFirst(piece.count)
            result += [rest.isEmpty ? 1 : 0] + little(UInt16(piece.count)) + little(~UInt16(piece.count)) + piece
        } while !rest.isEmpty
        return result
    }

    /// Bytes as one block of fixed Huffman codes: each byte by itself, then `runs` times the last byte 258 times.
    static func huffman(_ bytes: [UInt8], runs: Int = 0) -> [UInt8] {
        var bits = BitWriter()
        bits.append(0b011, count: 3)
        for byte in bytes { bits.appendLiteral(Int(byte)) }
        for _ in 0..<runs {
            bits.appendCode(0b1100_0101, count: 8)
            bits.appendCode(0, count: 5)
        }
        bits.appendLiteral(256)
        return bits.bytes
    }

    private struct BitWriter {
        var bytes: [UInt8] = []
        private var used = 8

        mutating func append(_ value: Int, count: Int) {
            for bit in 0..<count {
                if used == 8 {
                    bytes.append(0)
                    used = 0
                }
                bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(used)
                used += 1
            }
        }

        /// Codes go in from their most significant bit.
        mutating func appendCode(_ code: Int, count: Int) {
            for bit in stride(from: count - 1, through: 0, by: -1) { append(code >> bit & 1, count: 1) }
        }

        mutating func appendLiteral(_ value: Int) {
            switch value {
            case 0...143: appendCode(0x30 + value, count: 8)
            case 144...255: appendCode(0x190 + value - 144, count: 9)
            default: appendCode(value - 256, count: 7)
            }
        }
    }
}

/// A gzip file (RFC 1952) of stored blocks.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + DeflateWriter.stored(bytes) + little(checksum(bytes))
        + little(UInt32(bytes.count))
}

/// The CRC-32 of bytes, one bit at a time.
func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
    }
    return ~sum
}
