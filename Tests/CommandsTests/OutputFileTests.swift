import Diagnostics
import FoundationEssentials
import Glibc
import Testing

@testable import Commands

@Suite struct OutputFileTests {
    /// Gives a fresh folder, and removes it.
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/lockstep-test-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func content(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map(Array.init) }

    @Test func aFileIsReplacedWholeAndNothingElseIsLeft() throws {
        try withFolder { folder in
            let path = folder + "/report.json"
            let file = try OutputFile(path, for: "report")
            #expect(content(path) == nil, "trying must not create the file")
            try file.write([1, 2, 3])
            #expect(content(path) == [1, 2, 3])
            try OutputFile(path, for: "report").write([4])
            #expect(content(path) == [4])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.json"])
        }
    }

    @Test func aLinkStaysALink() throws {
        try withFolder { folder in
            try OutputFile(folder + "/a", for: "report").write([1])
            try FileManager.default.createSymbolicLink(atPath: folder + "/b", withDestinationPath: "a")
            try OutputFile(folder + "/b", for: "report").write([2])
            #expect(content(folder + "/a") == [2])
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/b") == "a")
        }
    }

    @Test(arguments: ["/nowhere/report.json", "/", "/proc/report.json", ""])
    func aFileThatCannotBeWrittenIsFoundOutAtOnce(path: String) throws {
        let failure = try #require(throws: Failure.self) { try OutputFile(path, for: "report") }
        #expect(failure.category == .usage)
        #expect(failure.what == "cannot write report")
    }

    @Test func aDeviceIsWrittenTo() throws {
        try OutputFile("/dev/null", for: "report").write([1])
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        let failure = try #require(throws: Failure.self) { try OutputFile("/dev/full", for: "report").write([1]) }
        #expect(failure.category == .data)
    }

    @Test func aFolderThatVanishesIsAFailureOfData() throws {
        var file: OutputFile?
        try withFolder { file = try OutputFile($0 + "/report.json", for: "report") }
        let failure = try #require(throws: Failure.self) { try file?.write([1]) }
        #expect(failure.category == .data)
    }

    @Test func configurationsAreFoundInTheWorkingFolderThenAboveTheProgram() throws {
        try withFolder { folder in
            let files = FileManager.default
            for path in ["/work/config", "/package/config", "/package/.build/debug"] {
                try files.createDirectory(atPath: folder + path, withIntermediateDirectories: true)
            }
            func find() throws -> String {
                try ConfigurationSource.file(
                    for: "q9", workingFolder: folder + "/work", executable: folder + "/package/.build/debug/coordinator"
                )
            }
            let failure = try #require(throws: Failure.self) { try find() }
            #expect(failure.category == .usage)
            try OutputFile(folder + "/package/config/q9.json5", for: "test").write(Array("{shards: 2, a: 1}".utf8))
            #expect(try find() == folder + "/package/config/q9.json5")
            try OutputFile(folder + "/work/config/q9.json5", for: "test").write(Array("{}".utf8))
            #expect(try find() == folder + "/work/config/q9.json5")

            let source = ConfigurationSource(
                file: folder + "/package/config/q9.json5", settings: ["a=2", "a=3"], shards: 8)
            let canonical = try source.configuration(for: "q9").canonicalJSON()
            #expect(String(decoding: canonical, as: UTF8.self) == #"{"a":3,"shards":8}"#)
            let without = try source.configuration(for: "q9", usesShards: false).canonicalJSON()
            #expect(String(decoding: without, as: UTF8.self) == #"{"a":3,"shards":2}"#)
        }
    }
}
