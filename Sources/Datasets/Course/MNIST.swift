import Diagnostics

/// The MNIST set of handwritten digits: `mnist.npz` as in the course, or the four IDX files it was made from.
///
/// Arrays: `train_images` [n, 784] bytes (k stands for k/255; float32 if an npz holds other numbers), `train_labels`
/// [n] integers 0 to 9, `test_images` [m, 784], `test_labels` [m]. In the course, even test images are the validation
/// set and odd ones the test set.
public enum MNIST {
    /// The number of pixels of an image of 28 × 28.
    public static let pixelCount = 784

    static let archive = "mnist.npz"
    static let idxFiles = [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
    ]
    /// More elements than this are refused unread: a million or so images would be another data set.
    static let maximumElementCount = 1 << 30

    /// Reads the set; where it is missing, draws digits instead.
    ///
    /// - Throws: `Failure` of category data that names the file, if one is there but cannot be used.
    public static func load(from folder: DataFolder) throws -> DataSet {
        if let path = try folder.existing(archive) {
            return try remembering([path], folder) { try decodeArchive(path) }
        }
        let paths = try idxFiles.compactMap { name in
            try folder.existing(name) ?? folder.existing(name + ".gz")
        }
        guard paths.count == idxFiles.count else { return SyntheticDigits.make() }
        return try remembering(paths, folder) { try decodeIDX(paths) }
    }

    /// The part of the set for learning from few examples: the first 200 training images, and all test images.
    ///
    /// - Throws: `Failure` of category data that names the file, if one is there but cannot be used.
    public static func loadSmall(from folder: DataFolder) throws -> DataSet {
        let whole = try load(from: folder)
        var arrays = whole.arrays
        for name in ["train_images", "train_labels"] { arrays[name] = try whole[name].prefix(200) }
        return DataSet(
            arrays: arrays, source: whole.source, sourceSHA256: whole.sourceSHA256, isSynthetic: whole.isSynthetic)
    }

    private static func remembering(
        _ paths: [String], _ folder: DataFolder, decode: () throws -> DataSet
    ) throws -> DataSet {
        guard let cache = folder.cache else { return try decode() }
        return try DecodedFiles(cache: cache).load(paths, decoder: "mnist 1", decode: decode)
    }

    private static func decodeArchive(_ path: String) throws -> DataSet {
        let file = try NPZ(contentsOf: path)
        var arrays: [String: DataArray] = [:]
        for part in ["train", "test"] {
            let images = try file.array(
                part + "_images", shape: [nil, pixelCount], maximumCount: maximumElementCount)
            let labels = try file.array(part + "_labels", shape: [images.shape[0]])
            arrays[part + "_images"] = try PixelConversion.array(images)
            arrays[part + "_labels"] = try digitLabels(labels)
        }
        return DataSet(arrays: arrays, source: archive, sourceSHA256: file.fileSHA256())
    }

    private static func decodeIDX(_ paths: [String]) throws -> DataSet {
        let files = try paths.map { try FileReader.read($0) }
        var digest = SHA256()
        for file in files { digest.update(file) }
        var arrays: [String: DataArray] = [:]
        for (part, first) in [("train", 0), ("test", 2)] {
            let images = try IDX.array(files[first], shape: [nil, 28, 28], path: paths[first])
            guard images.format.kind == .unsigned else {
                throw images.failure("its elements are \(images.format.name), not bytes")
            }
            guard images.shape[0] > 0 else { throw images.failure("it holds no image") }
            let labels = try IDX.array(files[first + 1], shape: [images.shape[0]], path: paths[first + 1])
            arrays[part + "_images"] = DataArray(try images.bytes(), shape: [images.shape[0], pixelCount])
            arrays[part + "_labels"] = try digitLabels(labels)
        }
        return DataSet(
            arrays: arrays, source: "\(idxFiles[0]) and three more", sourceSHA256: digest.hexadecimal())
    }

    private static func digitLabels(_ labels: SourceArray) throws -> DataArray {
        let values = try labels.int32s()
        if let wrong = values.first(where: { !(0...9).contains($0) }) {
            throw labels.failure("its label \(wrong) is no digit")
        }
        return DataArray(values, shape: labels.shape)
    }
}
