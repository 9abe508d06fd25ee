import Foundation
import Testing

/// Data files that are damaged, or hold what they should not, are errors that name file and cause.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadDataTests {
    /// A small `mnist.npz`, with one array replaced.
    private static func digits(
        _ name: String = "", _ array: [UInt8] = [], declared: UInt32? = nil
    ) -> [UInt8] {
        var archive = Archive()
        for part in ["train", "test"] {
            let images = [UInt8](repeating: 0, count: 4 * 784 * 4)
            let arrays = [
                ("\(part)_images.npy", Archive.array("<f4", [4, 784], images)),
                ("\(part)_labels.npy", Archive.array("|u1", [4], [0, 1, 2, 3])),
            ]
            for (file, content) in arrays {
                archive.add(file, file == name ? array : content, declared: file == name ? declared : nil)
            }
        }
        return archive.bytes
    }

    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
    }

    @Test(arguments: [
        Damage(testDescription: "empty file", bytes: []),
        Damage(testDescription: "truncated", bytes: Array(digits().prefix(5000))),
        Damage(testDescription: "truncated directory", bytes: Array(digits().dropLast(30))),
        Damage(
            testDescription: "wrong type",
            bytes: digits(
                "train_images.npy", Archive.array("<U1", [4, 784], [UInt8](repeating: 65, count: 4 * 784 * 4)))),
        Damage(
            testDescription: "wrong shape",
            bytes: digits("train_images.npy", Archive.array("<f4", [4, 7], [UInt8](repeating: 0, count: 4 * 7 * 4)))),
        Damage(
            testDescription: "impossible shape",
            bytes: digits("train_images.npy", Archive.array("<f4", [1 << 62, 784], []))),
        Damage(
            testDescription: "objects", bytes: digits("train_labels.npy", Archive.array("|O", [4], [128, 4, 46, 0]))),
        Damage(
            testDescription: "labels that are no digits",
            bytes: digits("train_labels.npy", Archive.array("|u1", [4], [0, 1, 2, 10]))),
        Damage(testDescription: "bomb", bytes: digits("train_images.npy", [3, 0], declared: 4_000_000_000)),
        Damage(testDescription: "no archive", bytes: Array("these are not digits".utf8)),
    ]) func `Bad digits are refused`(_ damage: Damage) throws {
        let coordinator = try Coordinator()
        try coordinator.scratch.write(damage.bytes, to: "data/mnist.npz")
        let result = try coordinator.run(["--set", "epochs=1", "q3"])
        expectFailure(result, 3, saying: "mnist.npz")
    }

    /// The archive that the damage is done to is a good one.
    @Test func `The same archive without damage is read`() throws {
        let coordinator = try Coordinator()
        try coordinator.scratch.write(Self.digits(), to: "data/mnist.npz")
        let report = try coordinator.train(["--set", "epochs=1", "q3"])
        #expect((report["data"] as? [String: Any])?["source"] as? String == "mnist.npz")
    }

    @Test(arguments: [[], [0xFF, 0xFE, 0x00], Array("ab".utf8)]) func `Bad text is refused`(_ bytes: [UInt8]) throws {
        let coordinator = try Coordinator()
        try coordinator.scratch.write(bytes, to: "data/input.txt")
        let result = try coordinator.run(["--set", "epochs=1", "q7"])
        expectFailure(result, 3, saying: "input.txt")
    }

    @Test func `Bad words are refused`() throws {
        let coordinator = try Coordinator()
        try coordinator.scratch.write(Self.digits(), to: "data/lang_id.npz")
        expectFailure(try coordinator.run(["--set", "epochs=1", "q4"]), 3, saying: "lang_id.npz")
    }
}
