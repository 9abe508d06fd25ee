import Testing

@testable import Datasets

/// Files that are cut short, altered or made to do harm: a failure in one line, never a trap.
struct DamagedNPZTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func sample(isZip64: Bool = false) -> [UInt8] {
        let letters = NPYWriter.int64s([1, 2, 3], [3])
        let texts = NPYWriter.strings(["a", "bc"], width: 2)
        return ZipWriter.archive(
            [
                ZipWriter.File(name: "x.npy", content: letters, deflated: DeflateWriter.huffman(letters)),
                ZipWriter.File(name: "names.npy", content: texts),
            ], isZip64: isZip64)
    }

    /// Reads all of an archive; throws if something is wrong with it.
    private func values(_ bytes: [UInt8]) throws -> ([Int32], [String]) {
        let npz = try NPZ(contentsOf: folder.write(bytes, as: "a.npz"))
        return (try npz.array("x").int32s(), try npz.array("names").strings())
    }

    @Test(arguments: [false, true])
    func cutShortAnywhere(isZip64: Bool) throws {
        let whole = Self.sample(isZip64: isZip64)
        #expect(try values(whole) == ([1, 2, 3], ["a", "bc"]))
        for count in 0..<whole.count {
            expectDataFailure { _ = try values(Array(whole[..<count])) }
        }
    }

    @Test(arguments: [false, true])
    func alteredAnywhere(isZip64: Bool) throws {
        let whole = Self.sample(isZip64: isZip64)
        var refusals = 0
        for index in whole.indices {
            for mask in [1, 0x10, 0x80, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[index] ^= mask
                do {
                    #expect(try values(bytes) == ([1, 2, 3], ["a", "bc"]), "byte \(index)")
                } catch {
                    expectDataFailure { throw error }
                    refusals += 1
                }
            }
        }
        #expect(refusals > whole.count * 2)
    }

    @Test(arguments: [
        ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects"),
        ("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,), }", "records"),
        ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8' is not supported"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "do not make the shape"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0), }", "impossible"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,), }", "impossible"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "damaged"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "damaged"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': 2, }", "damaged"),
        ("{'descr': '<f4', 'fortran_order': False}", "damaged"),
        ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "damaged"),
        ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "damaged"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", "damaged"),
        ("__import__('os').system('true')", "damaged"),
        ("{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }", "order of bytes"),
        ("{'descr': '<U999999999', 'fortran_order': False, 'shape': (1,), }", "not supported"),
        ("", "damaged"),
    ])
    func headersAreReadStrictly(header: String, cause: String) throws {
        let bytes = NPYWriter.archive([("x", NPYWriter.file(header, [1, 2, 3, 4]))])
        let npz = try NPZ(contentsOf: folder.write(bytes, as: "a.npz"))
        let line = expectDataFailure(cause) { _ = try npz.array("x") }
        #expect(line.contains("a.npz"))
    }

    @Test func emptyAndForeignFiles() throws {
        expectDataFailure("the file is empty") { _ = try values([]) }
        expectDataFailure("no zip archive") { _ = try values(Array("not an archive, but a text".utf8)) }
        expectDataFailure("a.npz") { _ = try NPZ(contentsOf: folder.path + "/missing/a.npz") }
        expectDataFailure("no ordinary file") { _ = try NPZ(contentsOf: folder.path) }
    }

    @Test func bombsAreRefused() throws {
        // Really packed at more than 150 to 1, and more than the header says.
        let short = NPYWriter.file("|u1", [4], [1, 2, 3, 4])
        let bomb = ZipWriter.File(name: "x.npy", content: short, deflated: DeflateWriter.huffman(short, runs: 20_000))
        expectDataFailure("more bytes than declared") {
            _ = try NPZ(contentsOf: folder.write(ZipWriter.archive([bomb]), as: "a.npz")).array("x")
        }
        for (size, cause) in [(1 << 31, "cannot unpack to"), (5 << 30, "more than 4 GiB")] {
            let huge = NPYWriter.file("|u1", [size - 128], [])
            let file = ZipWriter.File(
                name: "x.npy", content: huge, deflated: DeflateWriter.huffman(huge), declaredByteCount: size)
            expectDataFailure(cause) {
                let archive = ZipWriter.archive([file], isZip64: true)
                _ = try NPZ(contentsOf: folder.write(archive, as: "a.npz")).array("x")
            }
        }
    }

    @Test func honestBombsStopAtTheShapeThatIsWanted() throws {
        let count = 258 * 20_000
        let header = NPYWriter.file("|u1", [count], [])
        let file = ZipWriter.File(
            name: "x.npy", content: header, deflated: DeflateWriter.huffman(header, runs: 20_000),
            declaredByteCount: header.count + count)
        let npz = try NPZ(contentsOf: folder.write(ZipWriter.archive([file]), as: "a.npz"))
        expectDataFailure("more than 1000 elements") { _ = try npz.array("x", shape: [nil], maximumCount: 1000) }
    }

    @Test func archivesThatOverlapOrHideAreRefused() throws {
        let npy = NPYWriter.int64s([1], [1])
        let twice = ZipWriter.archive([.init(name: "x.npy", content: npy), .init(name: "x.npy", content: npy)])
        expectDataFailure("same name") { _ = try NPZ(contentsOf: folder.write(twice, as: "a.npz")) }
        let secret = ZipWriter.archive([.init(name: "x.npy", content: npy, flags: 1)])
        expectDataFailure("encrypted") { _ = try NPZ(contentsOf: folder.write(secret, as: "a.npz")) }
        let method = ZipWriter.archive([.init(name: "x.npy", content: npy, method: 12)])
        expectDataFailure("method 12") { _ = try NPZ(contentsOf: folder.write(method, as: "a.npz")) }
        // The second entry of the directory points at the first.
        var overlap = ZipWriter.archive([.init(name: "x.npy", content: npy), .init(name: "y.npy", content: npy)])
        let second = 2 * (30 + 5 + npy.count) + 46 + 5 + 42
        overlap.replaceSubrange(second..<second + 4, with: [0, 0, 0, 0])
        expectDataFailure("overlaps") { _ = try NPZ(contentsOf: folder.write(overlap, as: "a.npz")) }
    }
}
