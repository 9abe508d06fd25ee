import Testing

@testable import Datasets

/// The sets that stand in for missing files.
struct SyntheticDataTests {
    @Test func anEmptyFolderGivesSyntheticSets() throws {
        let folder = try TemporaryFolder()
        for set in [
            try MNIST.load(from: folder.dataFolder()), try LanguageID.load(from: folder.dataFolder()),
            try Shakespeare.load(from: folder.dataFolder()), try MNIST.loadSmall(from: folder.dataFolder()),
        ] {
            #expect(set.isSynthetic && set.source == "synthetic" && set.sourceSHA256.count == 64)
        }
    }

    @Test func makingTwiceGivesTheSame() throws {
        #expect(SyntheticDigits.make().contentHash() == SyntheticDigits.make().contentHash())
        #expect(SyntheticWords.make().contentHash() == SyntheticWords.make().contentHash())
        #expect(SyntheticPlay.make() == SyntheticPlay.make())
    }

    @Test func digitsAreLikeMNIST() throws {
        let set = SyntheticDigits.make()
        for (part, count) in [("train", 12_000), ("test", 2000)] {
            #expect(try set[part + "_images"].shape == [count, 784])
            let labels = try set.int32s(part + "_labels")
            for digit in 0..<10 as Range<Int32> {
                #expect(labels.count { $0 == digit } > count / 13)
            }
            let pixels = try set.bytes(part + "_images").prefix(500 * 784)
            let mean = pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count) / 255
            #expect((0.08...0.2).contains(mean), "MNIST has 0.13")
        }
    }

    /// The nearest mean image tells far more than chance, but not nearly all.
    @Test func digitsAreNeitherHopelessNorTrivial() throws {
        let set = SyntheticDigits.make()
        let means = Self.meanImages(try set.bytes("train_images"), try set.int32s("train_labels"))
        let images = try set.bytes("test_images")
        let labels = try set.int32s("test_labels")
        let right = (0..<200).count { image in
            let pixels = images[image * 784..<(image + 1) * 784]
            let distances = means.map { mean in
                zip(pixels, mean).reduce(Float(0)) { $0 + (Float($1.0) - $1.1) * (Float($1.0) - $1.1) }
            }
            return distances.indices.min { distances[$0] < distances[$1] } == Int(labels[image])
        }
        #expect((100...180).contains(right))
    }

    private static func meanImages(_ pixels: [UInt8], _ labels: [Int32]) -> [[Float]] {
        var sums = [[Float]](repeating: [Float](repeating: 0, count: 784), count: 10)
        for image in 0..<2000 {
            for pixel in 0..<784 { sums[Int(labels[image])][pixel] += Float(pixels[image * 784 + pixel]) }
        }
        return sums.enumerated().map { digit, sum in
            let count = labels[..<2000].count { $0 == Int32(digit) }
            return sum.map { $0 / Float(count) }
        }
    }

    @Test func wordsHeldBackAreUnseen() throws {
        let set = SyntheticWords.make()
        #expect(try LanguageID.languages(of: set).count == 5)
        func words(_ part: String) throws -> [[UInt8]] {
            let list = try WordList(part, of: set)
            let letters = try set.bytes(part + "_letters")
            return (0..<list.count).map { Array(letters[$0 * list.maximumLength..<($0 + 1) * list.maximumLength]) }
        }
        let training = Set(try words("train"))
        #expect(training.count > 15_000)
        for part in ["dev", "test"] {
            let heldBack = try words(part)
            #expect(heldBack.count == 500)
            #expect(!heldBack.contains { training.contains($0) })
            let labels = try set.int32s(part + "_labels")
            #expect((0..<5).allSatisfy { label in labels.count { $0 == label } == 100 })
        }
    }

    @Test func thePlayHasSpeakersAndLines() throws {
        let text = SyntheticPlay.make()
        #expect((300_000..<301_000).contains(text.utf8.count))
        let lines = text.split(separator: "\n")
        #expect(Set(lines.filter { $0.hasSuffix(":") }).count == 10)
        #expect(Set(lines).count > lines.count / 2, "lines seldom repeat")
    }
}
