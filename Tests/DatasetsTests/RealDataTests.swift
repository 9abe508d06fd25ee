import FoundationEssentials
import Testing

@testable import Datasets

/// The course's own files, in the folder that `LOCKSTEP_DATA` names; skipped if it names none.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["LOCKSTEP_DATA"]?.isEmpty == false,
        "LOCKSTEP_DATA does not name a folder of real data"))
struct RealDataTests {
    private func folder() throws -> DataFolder { try DataFolder(explicit: nil) }

    @Test func digits() throws {
        let set = try MNIST.load(from: folder())
        #expect(!set.isSynthetic)
        #expect(try set["train_images"].shape == [60_000, 784])
        #expect(try set["test_images"].shape == [10_000, 784])
        #expect(try set["train_images"].elementType == .uint8)
        #expect(Array(try set.int32s("train_labels").prefix(10)) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
        #expect(Array(try set.int32s("test_labels").prefix(5)) == [7, 2, 1, 0, 4])
    }

    /// The archive and the IDX files hold the same digits.
    @Test func bothFormsAgree() throws {
        let real = try folder()
        let links = try TemporaryFolder()
        for name in MNIST.idxFiles {
            let file = try #require(try real.existing(name) ?? real.existing(name + ".gz"))
            let target = URL(filePath: file).standardizedFileURL.path
            try FileManager.default.createSymbolicLink(
                atPath: links.path + "/" + URL(filePath: file).lastPathComponent, withDestinationPath: target)
        }
        let fromIDX = try MNIST.load(from: links.dataFolder())
        let fromArchive = try MNIST.load(from: real)
        #expect(fromIDX.source != fromArchive.source)
        for name in fromIDX.arrays.keys {
            let (left, right) = (try fromIDX[name], try fromArchive[name])
            #expect(isSame(left, right), "\(name)")
        }
    }

    @Test func words() throws {
        let set = try LanguageID.load(from: folder())
        #expect(!set.isSynthetic)
        #expect(try LanguageID.languages(of: set) == ["English", "Spanish", "Finnish", "Dutch", "Polish"])
        #expect(try LanguageID.alphabet(of: set).count == 47)
        #expect(try LanguageID.parts.map { try WordList($0, of: set).count } == [17_500, 500, 500])
    }

    @Test func text() throws {
        let set = try Shakespeare.load(from: folder())
        #expect(try set["train_text"].count == 1_003_854)
        #expect(try set["validation_text"].count == 111_540)
        let vocabulary = try CharacterVocabulary(set)
        #expect(vocabulary.count == 65)
        #expect(vocabulary.decode(try set.bytes("train_text").prefix(14)) == "First Citizen:")
    }

    @Test(arguments: CourseData.allCases) func publishedOnesAreKnown(_ set: CourseData) throws {
        let real = try folder()
        #expect(try set.missing(from: real) == nil)
        let data = try set.load(from: real)
        #expect(set.isPublished(data))
        var arrays = data.arrays
        let (name, array) = try #require(arrays.first { $0.value.elementType == .uint8 })
        var bytes = Array(array.bytes)
        bytes[bytes.count / 2] ^= 1
        arrays[name] = DataArray(bytes, shape: array.shape)
        #expect(!set.isPublished(DataSet(made: arrays)))
    }
}
