import Diagnostics
import Foundation
import Testing
import Training

@testable import Checkpoints

/// What is kept in a folder, and what is found there after anything has failed.
@Suite struct CheckpointFolderTests {
    @Test func theLastFewOfEveryQuestionAreKept() throws {
        let store = FailingStore()
        let folder = CheckpointFolder(store, keep: 3)
        for round in [UInt64(8), 9, 10, 99_999_999, 100_000_000] {
            try folder.write(Sample.checkpoint(round: round))
        }
        store.files["q33-00000001.safetensors"] = [1]
        store.files["notes.txt"] = [1]
        #expect(
            store.files.keys.sorted() == [
                "notes.txt", "q3-00000010.safetensors", "q3-100000000.safetensors", "q3-99999999.safetensors",
                "q33-00000001.safetensors",
            ])
        #expect(try folder.newest(of: "q3").found?.checkpoint.snapshot.round == 100_000_000)
        #expect(try folder.newest(of: "q4").found == nil)
    }

    @Test func aDamagedNewestIsReportedAndTheOneBeforeUsed() throws {
        let store = FailingStore()
        let folder = CheckpointFolder(store)
        for round in [UInt64(1), 2, 3] { try folder.write(Sample.checkpoint(round: round)) }
        store.files["q3-00000003.safetensors"]?[700] ^= 1
        let (found, notes) = try folder.newest(of: "q3")
        #expect(found?.checkpoint.snapshot.round == 2)
        #expect(found?.path == "memory/q3-00000002.safetensors")
        #expect(notes.count == 1 && notes[0].contains("memory/q3-00000003.safetensors"))
        store.files["q3-00000001.safetensors"] = []
        store.files["q3-00000002.safetensors"] = [1, 2, 3]
        let failure = #expect(throws: Failure.self) { _ = try folder.newest(of: "q3") }
        #expect(failure?.category == .data)
    }

    /// Later ones that cannot be read are no reason to remove the one just written.
    @Test func whatTheTrainingDidNotGoOnFromIsRemoved() throws {
        let store = FailingStore()
        let folder = CheckpointFolder(store, keep: 2)
        for round in [UInt64(1), 2] { try folder.write(Sample.checkpoint(round: round)) }
        for round in 4...6 { store.files["q3-0000000\(round).safetensors"] = [1] }
        #expect(try folder.newest(of: "q3").found?.checkpoint.snapshot.round == 2)
        try folder.write(Sample.checkpoint(round: 3))
        #expect(store.files.keys.sorted() == ["q3-00000002.safetensors", "q3-00000003.safetensors"])
    }

    @Test(arguments: 0..<8) func aWriteThatFailsAnywhereLeavesACompleteOne(operations: Int) throws {
        let store = FailingStore()
        let folder = CheckpointFolder(store, keep: 2)
        for round in [UInt64(1), 2] { try folder.write(Sample.checkpoint(round: round)) }
        store.operationsLeft = operations
        let written = try? folder.write(Sample.checkpoint(round: 3))
        #expect(
            (written != nil) == (operations >= 6), "create, write, synchronize, rename, synchronize and remove are six")
        let (found, notes) = try folder.newest(of: "q3")
        #expect(found?.checkpoint.snapshot.round == (operations >= 4 ? 3 : 2))
        #expect(notes.isEmpty)
        // The next write clears up.
        store.operationsLeft = .max
        try folder.write(Sample.checkpoint(round: 4))
        let before = operations >= 4 ? "q3-00000003.safetensors" : "q3-00000002.safetensors"
        #expect(store.files.keys.sorted() == [before, "q3-00000004.safetensors"])
    }

    @Test func aFolderOfTheFileSystemServes() throws {
        let path = NSTemporaryDirectory() + "checkpoints-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try CheckpointFolder(path, keep: 2)
        try Data([1]).write(to: URL(fileURLWithPath: path + "/q3-00000001.safetensors.partial"))
        for round in [UInt64(1), 2, 3] { try folder.write(Sample.checkpoint(round: round)) }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "q3-00000002.safetensors", "q3-00000003.safetensors",
            ])
        #expect(
            try CheckpointFolder(path, isWritten: false).newest(of: "q3").found?.checkpoint
                == Sample.checkpoint(round: 3))
        #expect(throws: Failure.self) { _ = try CheckpointFolder(path) }
        let file = path + "/q3-00000003.safetensors"
        #expect(throws: Failure.self) { _ = try CheckpointFolder(file) }
        #expect(throws: Failure.self) { _ = try CheckpointFolder(path + "/missing", isWritten: false) }
        #expect(throws: Failure.self) { _ = try CheckpointFolder("/dev/null/x") }
        // A checkpoint serves as a file of parameters.
        #expect(try ParameterFile(contentsOf: file).values == Sample.checkpoint().snapshot.parameters)
    }

    /// Every write to this device fails with "no space left on device".
    @Test func aFullDiskIsOneFailure() throws {
        let path = NSTemporaryDirectory() + "checkpoints-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try FolderStore(path)
        let output = FolderStore.Output(descriptor: open("/dev/full", O_WRONLY), file: "full", store: store)
        let failure = #expect(throws: Failure.self) { try output.write([1]) }
        #expect(failure?.category == .data)
        #expect(failure?.description.contains("no space left on device") == true)
    }

    @Test func aFileThatIsThereIsNotWrittenOver() throws {
        let path = NSTemporaryDirectory() + "checkpoints-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try FolderStore(path)
        try store.create("a").write([1])
        #expect(throws: Failure.self) { _ = try store.create("a") }
        #expect(try store.read("a") == [1])
    }
}
