import Testing

@testable import Datasets

/// Reading arrays out of npz files: every element format, order and packing.
struct NPZTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ npy: [UInt8]) throws -> SourceArray {
        try NPZ(contentsOf: folder.write(NPYWriter.archive([("a", npy)]), as: "a.npz")).array("a")
    }

    @Test(
        arguments: [
            ("|b1", [[1], [0], [1]], [1, 0, 1]),
            ("|u1", [[0], [200], [255]], [0, 200, 255]),
            ("|i1", [[0], [0xFF], [0x80]], [0, -1, -128]),
            ("<u2", [little(UInt16(1)), little(UInt16(65_535)), little(UInt16(256))], [1, 65_535, 256]),
            (">u2", [big(UInt16(1)), big(UInt16(65_535)), big(UInt16(256))], [1, 65_535, 256]),
            ("<i2", [little(Int16(-2)), little(Int16(7)), little(Int16.min)], [-2, 7, -32_768]),
            (">i4", [big(Int32(-2)), big(Int32(70_000)), big(Int32.max)], [-2, 70_000, 2_147_483_647]),
            ("<u4", [little(UInt32(3)), little(UInt32(0)), little(UInt32(9))], [3, 0, 9]),
            ("<i8", [little(Int64(-1)), little(Int64(1 << 30)), little(Int64(5))], [-1, 1 << 30, 5]),
            (">i8", [big(Int64(-1)), big(Int64(1 << 30)), big(Int64(5))], [-1, 1 << 30, 5]),
            ("<u8", [little(UInt64(1)), little(UInt64(2)), little(UInt64(3))], [1, 2, 3]),
            ("<f2", [little(UInt16(0x3C00)), little(UInt16(0xC000)), little(UInt16(0x6400))], [1, -2, 1024]),
            (">f4", [Float(1), -2, 4096].map { big($0.bitPattern) }, [1, -2, 4096]),
            ("<f4", [Float(1), -2, 4096].map { little($0.bitPattern) }, [1, -2, 4096]),
            ("<f8", [1.0, -2, 4096].map { little($0.bitPattern) }, [1, -2, 4096]),
        ] as [(String, [[UInt8]], [Int32])])
    func convertsEveryFormat(type: String, elements: [[UInt8]], expected: [Int32]) throws {
        let array = try read(NPYWriter.file(type, [3], elements.flatMap { $0 }))
        #expect(array.shape == [3])
        #expect(try array.int32s() == expected)
        #expect(try array.floats() == expected.map { Float($0) })
        if expected.allSatisfy({ (0...255).contains($0) }) {
            #expect(try array.bytes() == expected.map { UInt8($0) })
        } else {
            expectDataFailure("array 'a'") { _ = try array.bytes() }
        }
        expectDataFailure("not text") { _ = try array.strings() }
    }

    @Test func halfPrecisionIsExact() throws {
        let bits: [UInt16] = [0x0001, 0x03FF, 0x0400, 0x7BFF, 0x8000, 0x3555]
        let array = try read(NPYWriter.file("<f2", [6], bits.flatMap { little($0) }))
        #expect(try array.floats() == [0x1p-24, 1023 * 0x1p-24, 0x1p-14, 65_504, -0.0, 0.333_251_953_125])
    }

    @Test func integersOutOfRangeAreNamed() throws {
        let array = try read(NPYWriter.int64s([1, 1 << 31], [2]))
        expectDataFailure("2147483648") { _ = try array.int32s() }
        let fractions = try read(NPYWriter.floats([1, 1.5, .nan], [3]))
        expectDataFailure("1.5") { _ = try fractions.int32s() }
    }

    @Test(arguments: ["<U3", ">U3"])
    func readsText(type: String) throws {
        let scalars = ["ż", "\u{1F600}b", "abc"].map { $0.unicodeScalars.map(\.value) }
        let content = scalars.flatMap { text in
            (text + [UInt32](repeating: 0, count: 3 - text.count)).flatMap { type == "<U3" ? little($0) : big($0) }
        }
        let array = try read(NPYWriter.file(type, [3], content))
        #expect(try array.strings() == ["ż", "\u{1F600}b", "abc"])
        expectDataFailure("not numbers") { _ = try array.floats() }
        let broken = try read(NPYWriter.file("<U1", [1], little(UInt32(0xD800))))
        expectDataFailure("no Unicode character") { _ = try broken.strings() }
    }

    @Test(arguments: [[2, 3], [2, 3, 4], [1, 1, 5], [4, 1], [0, 3], [3, 0]])
    func columnsFirstAreReordered(shape: [Int]) throws {
        let count = shape.reduce(1, *)
        // The element at each place is its row-major index; written with the first axis fastest.
        var content = [Float](repeating: 0, count: count)
        for index in 0..<count {
            var rest = index
            var target = 0
            for axis in stride(from: shape.count - 1, through: 0, by: -1) {
                target += rest % shape[axis] * shape[..<axis].reduce(1, *)
                rest /= shape[axis]
            }
            content[target] = Float(index)
        }
        let file = NPYWriter.file("<f4", shape, content.flatMap { little($0.bitPattern) }, isColumnMajor: true)
        let array = try read(file)
        #expect(try array.floats() == (0..<count).map { Float($0) })
    }

    @Test func scalarsAndEmptyArrays() throws {
        #expect(try read(NPYWriter.file("<i4", [], little(Int32(9)))).int32s() == [9])
        #expect(try read(NPYWriter.file("<i4", [0], [])).int32s().isEmpty)
    }

    @Test(arguments: [1, 2, 3] as [UInt8])
    func readsEveryVersion(version: UInt8) throws {
        #expect(try read(NPYWriter.file("|u1", [2], [4, 5], version: version)).bytes() == [4, 5])
    }

    @Test(arguments: [false, true])
    func unpacksEveryMethod(isZip64: Bool) throws {
        let npy = NPYWriter.int64s(Array(0..<40), [40])
        let files = [
            ZipWriter.File(name: "plain.npy", content: npy),
            ZipWriter.File(name: "blocks.npy", content: npy, deflated: DeflateWriter.stored(npy)),
            ZipWriter.File(name: "codes.npy", content: npy, deflated: DeflateWriter.huffman(npy)),
        ]
        let bytes = ZipWriter.archive(files, isZip64: isZip64, comment: Array("PK\u{5}\u{6} is no end".utf8))
        let npz = try NPZ(contentsOf: folder.write(bytes, as: "a.npz"))
        #expect(npz.names == ["plain", "blocks", "codes"])
        for name in npz.names {
            #expect(try npz.array(name).int32s() == Array(0..<40))
        }
    }

    @Test func checksShapesBeforeUnpacking() throws {
        let npz = try NPZ(
            contentsOf: folder.write(NPYWriter.archive([("a", NPYWriter.floats([1, 2], [2]))]), as: "a.npz"))
        #expect(try npz.header("a").shape == [2])
        _ = try npz.array("a", shape: [nil])
        expectDataFailure("its shape is [2], not [3]") { _ = try npz.array("a", shape: [3]) }
        expectDataFailure("not [any, 1]") { _ = try npz.array("a", shape: [nil, 1]) }
        expectDataFailure("more than 1 elements") { _ = try npz.array("a", maximumCount: 1) }
        expectDataFailure("no array 'b'") { _ = try npz.array("b") }
    }
}
