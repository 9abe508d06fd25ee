import Diagnostics
import Testing

@testable import Datasets

/// The course's sets from small files made here: what is accepted, and what is refused by name.
struct CourseDataTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func digits(
        images: [UInt8]? = nil, labels: [Int] = [3, 9], testLabels: [Int] = [0]
    ) -> [UInt8] {
        let pixels = (0..<2 * 784).map { Float($0 % 256) / 255 }
        return NPYWriter.archive([
            ("train_images", images ?? NPYWriter.floats(pixels, [2, 784])),
            ("train_labels", NPYWriter.int64s(labels, [labels.count])),
            ("test_images", NPYWriter.floats(Array(pixels[..<784]), [1, 784])),
            ("test_labels", NPYWriter.int64s(testLabels, [testLabels.count])),
        ])
    }

    @Test func digitsFromTheArchive() throws {
        try folder.write(Self.digits(), as: "mnist.npz")
        let set = try MNIST.load(from: folder.dataFolder())
        #expect(set.source == "mnist.npz" && !set.isSynthetic && set.sourceSHA256.count == 64)
        #expect(try set["train_images"].elementType == .uint8)
        #expect(try set["train_images"].shape == [2, 784])
        #expect(try set.bytes("train_images") == (0..<2 * 784).map { UInt8($0 % 256) })
        #expect(try set.int32s("train_labels") == [3, 9])
        #expect(try set.int32s("test_labels") == [0])
    }

    @Test func pixelsBetweenTheStepsStayFloats() throws {
        let pixels = (0..<2 * 784).map { Float($0 % 1000) / 1000 }
        try folder.write(Self.digits(images: NPYWriter.floats(pixels, [2, 784])), as: "mnist.npz")
        #expect(try MNIST.load(from: folder.dataFolder()).floats("train_images") == pixels)
    }

    @Test(arguments: [Float.nan, -0.5, 1.5, .infinity])
    func pixelsOutOfRangeAreRefused(value: Float) throws {
        var pixels = [Float](repeating: 0, count: 784)
        pixels[5] = value
        try folder.write(Self.digits(images: NPYWriter.floats(pixels, [1, 784]), labels: [3]), as: "mnist.npz")
        expectDataFailure("not in 0...1") { _ = try MNIST.load(from: folder.dataFolder()) }
    }

    @Test func wrongDigitFilesAreRefused() throws {
        let short = NPYWriter.floats([Float](repeating: 0, count: 2 * 783), [2, 783])
        let text = NPYWriter.file("<U1", [1, 784], [UInt8](repeating: 0, count: 784 * 4))
        let cases: [([UInt8], String)] = [
            (Self.digits(images: short), "[2, 783], not [any, 784]"),
            (Self.digits(images: NPYWriter.floats([], [0, 784]), labels: []), "no image"),
            (Self.digits(images: text, labels: [1]), "not numbers"),
            (Self.digits(labels: [3]), "not [2]"),
            (Self.digits(labels: [3, 10]), "label 10"),
            (Self.digits(labels: [3, -1]), "label -1"),
            (Self.digits(testLabels: [1, 2]), "not [1]"),
            (NPYWriter.archive([("other", NPYWriter.floats([1], [1]))]), "no array 'train_images'"),
            ([], "empty"), (Array(Self.digits()[..<5000]), "no zip archive"),
        ]
        for (bytes, cause) in cases {
            try folder.write(bytes, as: "mnist.npz")
            let line = expectDataFailure(cause) { _ = try MNIST.load(from: folder.dataFolder()) }
            #expect(line.contains("mnist.npz"))
        }
    }

    @Test(arguments: [false, true])
    func digitsFromIDX(isPacked: Bool) throws {
        func write(_ name: String, _ shape: [Int], _ content: [UInt8]) throws {
            let bytes = [0, 0, 8, UInt8(shape.count)] + shape.flatMap { big(UInt32($0)) } + content
            try folder.write(isPacked ? gzip(bytes) : bytes, as: isPacked ? name + ".gz" : name)
        }
        let images = (0..<2 * 784).map { UInt8($0 % 251) }
        try write("train-images-idx3-ubyte", [2, 28, 28], images)
        try write("train-labels-idx1-ubyte", [2], [7, 0])
        try write("t10k-images-idx3-ubyte", [1, 28, 28], Array(images[..<784]))
        #expect(try MNIST.load(from: folder.dataFolder()).isSynthetic, "three of four files are not the set")
        try write("t10k-labels-idx1-ubyte", [1], [1])
        let cache = try DataSetCache(folder: folder.path + "/cache")
        for _ in 0..<2 {
            let set = try MNIST.load(from: folder.dataFolder(cache: cache))
            #expect(!set.isSynthetic)
            #expect(try set["train_images"].shape == [2, 784])
            #expect(try set.bytes("train_images") == images)
            #expect(try set.int32s("train_labels") == [7, 0])
        }
        let small = try MNIST.loadSmall(from: folder.dataFolder())
        #expect(try small["train_images"].shape == [2, 784])
        try write("train-labels-idx1-ubyte", [3], [7, 0, 1])
        expectDataFailure("extent 3, not 2") { _ = try MNIST.load(from: folder.dataFolder()) }
    }

    private static func words(
        x: [Int] = [0, 1, -1, 1, 2, 0], y: [Int] = [1, 0], buckets: [Int] = [0, 1, 1, 2], names: [String] = ["A", "B"]
    ) -> [UInt8] {
        var arrays = [
            ("chars", NPYWriter.strings(["a", "b", "ż"], width: 1)),
            ("language_names", NPYWriter.strings(names, width: 3)),
        ]
        for part in ["train", "dev", "test"] {
            arrays.append((part + "_x", NPYWriter.int64s(x, [2, x.count / 2])))
            arrays.append((part + "_y", NPYWriter.int64s(y, [y.count])))
            arrays.append((part + "_buckets", NPYWriter.int64s(buckets, [buckets.count / 2, 2])))
        }
        return NPYWriter.archive(arrays)
    }

    @Test func wordsFromTheArchive() throws {
        try folder.write(Self.words(), as: "lang_id.npz")
        let set = try LanguageID.load(from: folder.dataFolder())
        #expect(!set.isSynthetic)
        #expect(try LanguageID.languages(of: set) == ["A", "B"])
        #expect(try LanguageID.alphabet(of: set) == ["a", "b", "ż"])
        let words = try WordList("test", of: set)
        #expect(words.count == 2 && words.maximumLength == 3)
        #expect(try set.bytes("test_letters") == [0, 1, 255, 1, 2, 0])
        #expect(try set.int32s("test_lengths") == [2, 3])
        #expect(try set.int32s("test_labels") == [1, 0])
        expectDataFailure("no array 'more_letters'") { _ = try WordList("more", of: set) }
    }

    @Test func wrongWordFilesAreRefused() throws {
        let cases: [([UInt8], String)] = [
            (Self.words(x: [0, 3, -1, 1, 2, 0]), "3 is no letter"),
            (Self.words(x: [0, -2, -1, 1, 2, 0]), "-2 is no letter"),
            (Self.words(x: [0, -1, 1, 1, 2, 0]), "gap"),
            (Self.words(x: [-1, -1, -1, 1, 2, 0]), "empty"),
            (Self.words(y: [0, 2]), "2 is no language"),
            (Self.words(y: [0]), "not [2]"),
            (Self.words(buckets: [0, 2]), "different lengths"),
            (Self.words(buckets: [0, 1]), "hold 1 of 2 words"),
            (Self.words(buckets: [0, 1, 1, 3]), "does not follow"),
            (Self.words(buckets: [1, 2, 0, 1]), "does not follow"),
            (Self.words(names: ["A", ""]), "names no language"),
        ]
        for (bytes, cause) in cases {
            try folder.write(bytes, as: "lang_id.npz")
            let line = expectDataFailure(cause) { _ = try LanguageID.load(from: folder.dataFolder()) }
            #expect(line.contains("lang_id.npz"))
        }
    }

    @Test func wordListsCheckWhatAPeerSent() throws {
        try folder.write(Self.words(), as: "lang_id.npz")
        let set = try LanguageID.load(from: folder.dataFolder())
        let wrong: [(String, DataArray)] = [
            ("test_letters", DataArray([0, 9, 255, 1, 2, 0] as [UInt8], shape: [2, 3])),
            ("test_letters", DataArray([0, 1] as [UInt8], shape: [2, 1])),
            ("test_lengths", DataArray([0, 3] as [Int32], shape: [2])),
            ("test_lengths", DataArray([2, 3, 1] as [Int32], shape: [3])),
            ("test_labels", DataArray([0, 2] as [Int32], shape: [2])),
            ("test_labels", DataArray([0, 1] as [Float], shape: [2])),
        ]
        for (name, array) in wrong {
            var arrays = set.arrays
            arrays[name] = array
            expectDataFailure("words of 'test'") { _ = try WordList("test", of: DataSet(made: arrays)) }
        }
    }

    @Test(arguments: [(1, 0), (9, 8), (10, 9), (11, 9), (25, 22)])
    func textIsCutAtNineTenths(count: Int, trainingCount: Int) throws {
        try folder.write((0..<count).map { UInt8(ascii: "a") + UInt8($0 % 3) }, as: "input.txt")
        let set = try Shakespeare.load(from: folder.dataFolder())
        #expect(try set["train_text"].shape == [trainingCount])
        #expect(try set["validation_text"].shape == [count - trainingCount])
        #expect(try CharacterVocabulary(set).count == min(count, 3))
    }

    @Test func textsMayHoldAnyCharacters() throws {
        try folder.write(Array("zażółć\n".utf8), as: "input.txt")
        let set = try Shakespeare.load(from: folder.dataFolder())
        let vocabulary = try CharacterVocabulary(set)
        #expect(vocabulary.decode(try set.bytes("train_text") + set.bytes("validation_text")) == "zażółć\n")
        #expect(vocabulary.decode(try vocabulary.encode("ćóż")) == "ćóż")
        let failure = #expect(throws: Failure.self) { try vocabulary.encode("Qxż") }
        #expect(failure?.category == .usage && failure?.description.contains("'Q', 'x'") == true)
    }

    @Test func wrongTextsAreRefused() throws {
        try folder.write([], as: "input.txt")
        expectDataFailure("empty") { _ = try Shakespeare.load(from: folder.dataFolder()) }
        try folder.write([0x61, 0xFF, 0x62], as: "input.txt")
        expectDataFailure("not UTF-8") { _ = try Shakespeare.load(from: folder.dataFolder()) }
        let many = String(String.UnicodeScalarView((0x4E00..<0x4E00 + 257).compactMap { UnicodeScalar($0) }))
        try folder.write(Array(many.utf8), as: "input.txt")
        expectDataFailure("257 different characters") { _ = try Shakespeare.load(from: folder.dataFolder()) }
    }

    @Test func dataFolders() throws {
        expectDataFailure("--data") { _ = try DataFolder(explicit: folder.path + "/missing", environment: [:]) }
        expectDataFailure("LOCKSTEP_DATA") {
            _ = try DataFolder(environment: ["LOCKSTEP_DATA": folder.path + "/missing"])
        }
        let file = try folder.write([1], as: "file")
        expectDataFailure("it is a file") { _ = try DataFolder(explicit: file, environment: [:]) }
        let named = try DataFolder(environment: ["LOCKSTEP_DATA": folder.path])
        #expect(named.path == folder.path)
        #expect(try DataFolder(explicit: folder.path, environment: ["LOCKSTEP_DATA": "/missing"]).path == folder.path)
    }
}
