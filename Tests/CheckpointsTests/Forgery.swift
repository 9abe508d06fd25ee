import Datasets
import Foundation
import Testing

/// Changes the header of a safetensors file and makes its length and checksum right again.
enum Forgery {
    static func replace(_ truth: String, by lie: String, in bytes: [UInt8]) throws -> [UInt8] {
        let length = Int(bytes[0..<8].withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
        let range = try #require(header.range(of: truth), "the file does not hold \(truth)")
        var text = Array(header.replacingCharacters(in: range, with: lie).utf8)
        while (8 + text.count) % 64 != 0 { text.append(UInt8(ascii: " ")) }
        var forged = withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text + bytes[(8 + length)...]
        let start = 8 + "{\"__metadata__\":{\"blake2b\":\"".utf8.count
        forged.replaceSubrange(start..<start + 64, with: [UInt8](repeating: UInt8(ascii: "0"), count: 64))
        let hash = forged.withUnsafeBytes { ContentHash(of: $0) }
        forged.replaceSubrange(start..<start + 64, with: Array(hash.description.utf8))
        return forged
    }
}
