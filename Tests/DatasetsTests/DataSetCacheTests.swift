import Diagnostics
import FoundationEssentials
import Testing

@testable import Datasets

struct DataSetCacheTests {
    private let folder: TemporaryFolder
    private let cache: DataSetCache

    init() throws {
        folder = try TemporaryFolder()
        cache = try DataSetCache(folder: folder.path + "/cache")
    }

    private static func sample(_ value: UInt8, count: Int = 100) -> DataSet {
        DataSet(made: ["a": DataArray([UInt8](repeating: value, count: count), shape: [count])])
    }

    @Test func keepsWhatIsStored() throws {
        let hash = try cache.store(Self.sample(7))
        let set = try #require(cache.load(hash))
        #expect(try set.bytes("a")[99] == 7)
        #expect(set.contentHash() == hash)
        #expect(cache.load(Self.sample(8).contentHash()) == nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: cache.url(for: hash).path)
        #expect(attributes[.posixPermissions] as? UInt64 == 0o600 || attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func tryingLeavesNothing() throws {
        try cache.tryWriting()
        #expect(try folder.names(in: "cache").isEmpty)
        try FileManager.default.removeItem(atPath: cache.folder)
        #expect(throws: Failure.self) { try cache.tryWriting() }
    }

    @Test(arguments: [
        (["XDG_CACHE_HOME": "/x", "HOME": "/h", "TMPDIR": "/t"], ["/x/lockstep/datasets", "/t/lockstep-"]),
        (["XDG_CACHE_HOME": "x", "HOME": "/h"], ["/h/.cache/lockstep/datasets", "/tmp/lockstep-"]),
        (["HOME": "h", "TMPDIR": "t"], ["/tmp/lockstep-"]),
    ]) func theBestPlaceIsFirst(_ environment: [String: String], _ starts: [String]) {
        let folders = DataSetCache.folders(environment: environment)
        #expect(folders.count == starts.count && zip(folders, starts).allSatisfy { $0.hasPrefix($1) }, "\(folders)")
    }

    @Test func damagedFilesAreRemoved() throws {
        let hash = try cache.store(Self.sample(7))
        let path = cache.url(for: hash).path
        var bytes = try content(of: path)
        bytes[bytes.count - 1] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        #expect(cache.load(hash) == nil)
        #expect(FileReader.identity(path) == nil)
        #expect(try cache.store(Self.sample(7)) == hash)
        #expect(cache.load(hash) != nil)
    }

    @Test func dropsWhatWasUsedLongestAgo() throws {
        let size = Self.sample(0, count: 1000).serialByteCount
        let small = try DataSetCache(folder: folder.path + "/small", capacity: 3 * size)
        let hashes = try (0..<3).map { value in
            let hash = try small.store(Self.sample(UInt8(value), count: 1000))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(1000 + value))],
                ofItemAtPath: small.url(for: hash).path)
            return hash
        }
        let held = try #require(small.load(hashes[0]))
        try small.store(Self.sample(9, count: 1000))
        #expect(small.load(hashes[0]) != nil)
        #expect(small.load(hashes[1]) == nil)
        #expect(small.load(hashes[2]) != nil)
        #expect(try held.bytes("a")[999] == 0)
    }

    @Test func receivesInPieces() throws {
        let set = Self.sample(3, count: 5000)
        let hash = set.contentHash()
        var bytes: [UInt8] = []
        set.forEachSerialPiece { bytes += $0 }
        #expect(bytes.count == set.serialByteCount)
        let receiver = try DataSetReceiver(hash, byteCount: bytes.count, into: cache)
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            #expect(cache.load(hash) == nil)
            try bytes[start..<min(start + 1000, bytes.count)].withUnsafeBytes { try receiver.append($0) }
        }
        #expect(receiver.missingByteCount == 0)
        #expect(try receiver.finish()["a"].count == 5000)
        #expect(cache.load(hash) != nil)
        #expect(try folder.names(in: "cache").count == 1)
    }

    @Test func refusesWhatWasNotDeclared() throws {
        let set = Self.sample(3)
        let hash = set.contentHash()
        expectDataFailure("out of range") { _ = try DataSetReceiver(hash, byteCount: 0, into: cache) }
        expectDataFailure("out of range") { _ = try DataSetReceiver(hash, byteCount: .max, into: cache) }
        do {
            let receiver = try DataSetReceiver(hash, byteCount: 10, into: cache)
            expectDataFailure("more than 10 bytes") {
                try [UInt8](repeating: 0, count: 11).withUnsafeBytes { try receiver.append($0) }
            }
            expectDataFailure("10 of 10 bytes are missing") { _ = try receiver.finish() }
        }
        do {
            let receiver = try DataSetReceiver(hash, byteCount: 10, into: cache)
            try [UInt8](repeating: 0, count: 10).withUnsafeBytes { try receiver.append($0) }
            expectDataFailure("does not have the hash") { _ = try receiver.finish() }
        }
        #expect(try folder.names(in: "cache").isEmpty)
    }

    @Test func findsItsFolder() throws {
        let home = try DataSetCache(environment: ["HOME": folder.path])
        #expect(home.folder == folder.path + "/.cache/lockstep/datasets")
        let named = try DataSetCache(environment: ["HOME": folder.path, "XDG_CACHE_HOME": folder.path + "/x"])
        #expect(named.folder == folder.path + "/x/lockstep/datasets")
        try folder.write([1], as: "file")
        let fallback = try DataSetCache(environment: ["XDG_CACHE_HOME": folder.path + "/file", "TMPDIR": folder.path])
        #expect(fallback.folder.hasPrefix(folder.path + "/lockstep-"))
        expectDataFailure("cache folder") {
            _ = try DataSetCache(environment: ["HOME": folder.path + "/file", "TMPDIR": folder.path + "/file"])
        }
    }

    @Test func othersMustNotWriteToIt() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: cache.folder)
        expectDataFailure("others may write") { _ = try DataSetCache(folder: cache.folder) }
    }

    @Test func writersAtTheSameTimeDoNotDisturbEachOther() async throws {
        let set = Self.sample(5, count: 100_000)
        try await withThrowingTaskGroup(of: ContentHash.self) { group in
            for _ in 0..<8 { group.addTask { [cache] in try cache.store(set) } }
            for try await hash in group { #expect(cache.load(hash) != nil) }
        }
        #expect(try folder.names(in: "cache").count == 1)
    }

    @Test func decodesAFileOnlyOnce() throws {
        let file = try folder.write([1, 2, 3], as: "file")
        let decoded = DecodedFiles(cache: cache)
        var calls = 0
        func load() throws -> DataSet {
            try decoded.load([file], decoder: "test 1") {
                calls += 1
                return Self.sample(UInt8(calls))
            }
        }
        #expect(try load().bytes("a")[0] == 1)
        #expect(try load().bytes("a")[0] == 1)
        #expect(calls == 1)
        try folder.write([1, 2, 3, 4], as: "file")
        #expect(try load().bytes("a")[0] == 2)
        #expect(try decoded.load([file], decoder: "test 2") { Self.sample(9) }.bytes("a")[0] == 9)
    }
}
