import Testing

@testable import Datasets

struct IDXTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let sample: [UInt8] = [0, 0, 8, 2] + big(UInt32(2)) + big(UInt32(3)) + [1, 2, 3, 4, 5, 6]

    private func read(_ bytes: [UInt8], shape: [Int?] = [nil, 3]) throws -> SourceArray {
        let path = try folder.write(bytes, as: "images")
        return try IDX.array(FileReader.read(path), shape: shape, path: path)
    }

    @Test(arguments: [false, true])
    func readsPlainAndPacked(isPacked: Bool) throws {
        let array = try read(isPacked ? gzip(Self.sample) : Self.sample)
        #expect(array.shape == [2, 3])
        #expect(try array.bytes() == [1, 2, 3, 4, 5, 6])
    }

    @Test(
        arguments: [
            (0x09, [0xFF], -1), (0x0B, big(Int16(-300)), -300), (0x0C, big(Int32(70_000)), 70_000),
            (0x0D, big(Float(2).bitPattern), 2), (0x0E, big(3.0.bitPattern), 3),
        ] as [(UInt8, [UInt8], Int32)])
    func readsEveryElementType(code: UInt8, element: [UInt8], value: Int32) throws {
        #expect(try read([0, 0, code, 1] + big(UInt32(1)) + element, shape: [1]).int32s() == [value])
    }

    @Test(arguments: [false, true])
    func cutShortAnywhere(isPacked: Bool) throws {
        let whole = isPacked ? gzip(Self.sample) : Self.sample
        for count in 0..<whole.count {
            expectDataFailure("images") { _ = try read(Array(whole[..<count])) }
        }
        expectDataFailure { _ = try read(whole + [0]) }
    }

    @Test func alteredPackedFilesAreNoticed() throws {
        let whole = gzip(Self.sample)
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0xFF
            do {
                #expect(try read(bytes).bytes() == [1, 2, 3, 4, 5, 6], "byte \(index)")
            } catch {
                expectDataFailure { throw error }
            }
        }
    }

    @Test func wrongShapesAreRefused() throws {
        expectDataFailure("2 axes, not 1") { _ = try read(Self.sample, shape: [nil]) }
        expectDataFailure("extent 3, not 28") { _ = try read(Self.sample, shape: [nil, 28]) }
        let huge = [0, 0, 8, 2] + big(UInt32.max) + big(UInt32(3))
        expectDataFailure("4 GiB") { _ = try read(huge) }
        expectDataFailure("cannot unpack") { _ = try read(gzip([0, 0, 8, 2] + big(UInt32(1 << 30)) + big(UInt32(3)))) }
        expectDataFailure("element type 7") { _ = try read([0, 0, 7, 1] + big(UInt32(1)) + [1], shape: [nil]) }
    }
}
