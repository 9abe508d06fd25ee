/// Archives of arrays, good and bad, byte by byte.
struct Archive {
    private(set) var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// Adds an entry that is stored, or claims to be packed.
    ///
    /// - Parameter declared: the size the archive gives for a packed entry; nil to store it.
    mutating func add(_ name: String, _ content: [UInt8], declared: UInt32? = nil) {
        let method: UInt16 = declared == nil ? 0 : 8
        let common =
            little(UInt16(20)) + little(UInt16(0)) + little(method) + little(UInt32(0)) + little(checksum(content))
            + little(UInt32(content.count)) + little(declared ?? UInt32(content.count))
            + little(UInt16(name.utf8.count)) + little(UInt16(0))
        directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common
        directory += [UInt8](repeating: 0, count: 10) + little(UInt32(body.count)) + Array(name.utf8)
        body += little(UInt32(0x0403_4B50)) + common + Array(name.utf8) + content
        count += 1
    }

    /// The whole file.
    var bytes: [UInt8] {
        body + directory + little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count)
            + little(UInt32(directory.count)) + little(UInt32(body.count)) + little(UInt16(0))
    }

    /// An npy file.
    static func array(_ type: String, _ shape: [Int], _ content: [UInt8]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }\n".utf8)
        return [0x93] + Array("NUMPY".utf8) + [1, 0] + [UInt8(header.count & 255), UInt8(header.count >> 8)] + header
            + content
    }

    private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    /// CRC-32, bit by bit.
    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { state, byte in
            (0..<8).reduce(state ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}
