import Tensors
import Testing

@Suite struct DigestTests {
    /// The examples of FIPS 180-2, appendix B, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func knownAnswers(message: String, expected: String) {
        var digest = Digest()
        Array(message.utf8).withUnsafeBytes { digest.update($0) }
        #expect(digest.hexadecimal == expected)
    }

    @Test func storageIsHashedAsLittleEndianFloats() {
        let storage = Storage(count: 1)
        storage.pointer[0] = 1
        var digest = Digest()
        [UInt8]([0x00, 0x00, 0x80, 0x3f]).withUnsafeBytes { digest.update($0) }
        #expect(storage.sha256 == digest.hexadecimal)
    }
}
