import Testing

@testable import Datasets

struct DataSetTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func sample(_ first: Float = 1.5) -> DataSet {
        DataSet(
            arrays: [
                "bytes": DataArray([1, 2, 3] as [UInt8], shape: [3]),
                "floats": DataArray([first, -2, 3, 4] as [Float], shape: [2, 2]),
                "none": DataArray([Int32](), shape: [0, 7]),
                "whole": DataArray([Int32.min, 5] as [Int32], shape: [2, 1]),
            ], source: "a \"strange\"\\\n\u{1}name ż", sourceSHA256: "abc")
    }

    private func expectSame(_ one: DataSet, _ other: DataSet) throws {
        #expect(one.source == other.source && one.sourceSHA256 == other.sourceSHA256)
        #expect(one.isSynthetic == other.isSynthetic)
        #expect(one.arrays.keys.sorted() == other.arrays.keys.sorted())
        for name in one.arrays.keys {
            let (left, right) = (try one[name], try other[name])
            #expect(left.shape == right.shape && left.elementType == right.elementType)
            #expect(isSame(left, right))
        }
    }

    @Test func serialFormRoundTrip() throws {
        let path = folder.path + "/set"
        let set = Self.sample()
        let hash = try set.write(to: path)
        #expect(hash == set.contentHash())
        #expect(try content(of: path).count == set.serialByteCount)
        let again = try DataSet(contentsOf: path, expecting: hash)
        try expectSame(set, again)
        #expect(again.contentHash() == hash)
        #expect(try again.floats("floats")[1] == -2)
        #expect(try again.int32s("whole")[0] == .min)
        // The same set gives the same bytes, another one others; and no partial file stays.
        #expect(try Self.sample().write(to: folder.path + "/again") == hash)
        #expect(Self.sample(1.25).contentHash() != hash)
        #expect(try folder.names() == ["again", "set"])
    }

    @Test func serialFormIsSafetensors() throws {
        let path = folder.path + "/set"
        try Self.sample().write(to: path)
        let bytes = try content(of: path)
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect((8 + length) % 64 == 0)
        let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
        #expect(header.hasPrefix("{\"__metadata__\":{\"source\":\"a \\\"strange\\\"\\\\\\u000a\\u0001name ż\""))
        #expect(header.contains("\"floats\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}"))
        #expect(header.contains("\"bytes\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[24,27]}"))
    }

    @Test func damagedFilesAreRefused() throws {
        let path = folder.path + "/set"
        let hash = try Self.sample().write(to: path)
        let whole = try content(of: path)
        for index in stride(from: 0, to: whole.count, by: 3) {
            var bytes = whole
            bytes[index] ^= 4
            try folder.write(bytes, as: "set")
            expectDataFailure("does not have the hash") { _ = try DataSet(contentsOf: path, expecting: hash) }
        }
        try folder.write([], as: "set")
        expectDataFailure("empty") { _ = try DataSet(contentsOf: path, expecting: hash) }
    }

    /// With a right hash, as a peer could send it: the header must not be believed either.
    @Test func alteredHeadersNeverTrap() throws {
        let path = folder.path + "/set"
        try Self.sample().write(to: path)
        let whole = try content(of: path)
        for index in 0..<whole.count - 27 {
            for mask in [1, 2, 8, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[index] ^= mask
                let memory = bytes.withUnsafeBytes { source in
                    DataMemory(byteCount: source.count) { $0.copyMemory(from: source) }
                }
                do {
                    for array in try SerialForm(memory, path: "peer").dataSet(hash: nil).arrays.values {
                        #expect(array.rawBytes.count <= 27)
                    }
                } catch {
                    expectDataFailure("peer") { throw error }
                }
            }
        }
    }

    @Test(arguments: [
        ("\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]", "impossible shape"),
        ("\"shape\":[-1],\"data_offsets\":[0,0]", "impossible shape"),
        ("\"shape\":[2],\"data_offsets\":[0,16]", "does not lie"),
        ("\"shape\":[2],\"data_offsets\":[-8,0]", "does not lie"),
        ("\"shape\":[2],\"data_offsets\":[8]", "does not lie"),
        ("\"shape\":[1],\"data_offsets\":[4,8]", "does not follow"),
        ("\"shape\":[1],\"data_offsets\":[0,4]", "its header describes 4"),
        ("\"shape\":[1e30],\"data_offsets\":[0,4]", "not that of a data set"),
        ("\"shape\":2,\"data_offsets\":[0,4]", "not that of a data set"),
    ])
    func headersThatLieAreRefused(entry: String, cause: String) throws {
        let json =
            "{\"__metadata__\":{\"source\":\"s\",\"sourceSHA256\":\"\",\"synthetic\":\"false\"},"
            + "\"a\":{\"dtype\":\"F32\",\(entry)}}"
        let padded = Array(json.utf8) + [UInt8](repeating: 0x20, count: (64 - (8 + json.utf8.count) % 64) % 64)
        let bytes = little(UInt64(padded.count)) + padded + [UInt8](repeating: 0, count: 8)
        let hash = bytes.withUnsafeBytes { ContentHash(of: $0) }
        let path = try folder.write(bytes, as: "set")
        expectDataFailure(cause) { _ = try DataSet(contentsOf: path, expecting: hash) }
    }

    @Test func missingArraysAreNamed() throws {
        let line = expectDataFailure("no array 'x'") { _ = try Self.sample()["x"] }
        #expect(line.contains("bytes, floats, none, whole"))
    }

    @Test func prefixesShareMemory() throws {
        let array = DataArray([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
        #expect(array.prefix(2).shape == [2, 2])
        #expect(array.prefix(9).shape == [3, 2])
        withExtendedLifetime(array) {
            #expect(array.prefix(2).floats.baseAddress == array.floats.baseAddress)
            #expect(Int(bitPattern: array.rawBytes.baseAddress) % 64 == 0)
        }
    }

    @Test func hashesAsText() throws {
        let hash = ContentHash(of: UnsafeRawBufferPointer(start: nil, count: 0))
        // BLAKE2b-256 of nothing, as b2sum -l 256 prints it.
        #expect(hash.description == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
        #expect(ContentHash(hexadecimal: hash.description) == hash)
        #expect(ContentHash(hexadecimal: "0e") == nil)
        #expect(ContentHash(hexadecimal: String(repeating: "g", count: 64)) == nil)
        var digest = SHA256()
        Array("abc".utf8).withUnsafeBytes { digest.update($0) }
        // FIPS 180-2, appendix B.1.
        #expect(digest.hexadecimal() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
