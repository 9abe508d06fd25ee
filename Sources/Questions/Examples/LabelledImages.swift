import Datasets

/// The labelled images of a split: every `stride`-th row of a table, from `first` on.
struct LabelledImages: Sendable {
    /// The table the images are rows of.
    let images: ImageTable
    /// The number of images in the split.
    let count: Int
    private let labels: DataArray
    private let first: Int
    private let stride: Int

    /// The rows first, first + stride, … below `end` of a table; `end` is cut to the size of the table.
    init(_ images: ImageTable, labels: DataArray, from first: Int = 0, to end: Int = .max, by stride: Int = 1) {
        self.images = images
        self.labels = labels
        self.first = first
        self.stride = stride
        count = max(0, (min(end, images.count) - first + stride - 1) / stride)
    }

    /// The row of an example in the table.
    func row(_ example: Int32) -> Int {
        precondition(example >= 0 && example < count, "example \(example) of \(count)")
        return first + Int(example) * stride
    }

    /// Writes the pixels of examples, one behind the other.
    func load(_ examples: UnsafeBufferPointer<Int32>, into target: UnsafeMutablePointer<Float>) {
        for (index, example) in examples.enumerated() {
            // They lie anywhere in a large file, so the next is fetched meanwhile.
            if index + 1 < examples.count { images.fetch(row(examples[index + 1])) }
            images.load(row(example), into: target + index * images.width)
        }
    }

    /// The class of an example.
    func label(_ example: Int32) -> Int32 {
        labels.int32s[row(example)]
    }
}
