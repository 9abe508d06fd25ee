/// The checksum CRC-32C (Castagnoli), as records of TensorBoard have it.
///
/// Source: RFC 3720, appendix B.4: polynomial 0x1EDC6F41, reflected.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    /// The checksum of some bytes.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            ~bytes.reduce(UInt32.max) { sum, byte in sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
        }
    }

    /// The checksum as it stands in a record: turned and moved, so that checksums of checksums are not weak.
    static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let sum = checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
