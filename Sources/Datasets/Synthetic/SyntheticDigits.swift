import Tensors

/// Digits drawn with a shaky pen, in place of MNIST: 12,000 to train on and 2,000 others to test on.
///
/// Each image is one of a digit's shapes with its points displaced, then turned, sheared, scaled and moved, drawn with
/// a pen of some width, with specks of noise.
enum SyntheticDigits {
    private static let trainingCount = 12_000
    private static let testCount = 2000

    /// Draws the set, the same one every time; costs some tenths of a second.
    static func make(key: RandomKey = RandomKey(seed: 0).child("synthetic digits")) -> DataSet {
        var arrays: [String: DataArray] = [:]
        for (part, count) in [("train", trainingCount), ("test", testCount)] {
            let partKey = key.child(part)
            let labels = (0..<count).map { Int32(partKey.integer(below: 10, at: UInt64($0))) }
            let memory = DataMemory(byteCount: count * MNIST.pixelCount) { target in
                let pixels = target.bindMemory(to: UInt8.self)
                for index in 0..<count {
                    var stream = RandomStream(partKey.child(UInt64(index)))
                    var canvas = DigitCanvas()
                    canvas.draw(digit: Int(labels[index]), &stream)
                    canvas.write(
                        to: UnsafeMutableBufferPointer(
                            rebasing: pixels[index * MNIST.pixelCount..<(index + 1) * MNIST.pixelCount]))
                }
            }
            arrays[part + "_images"] = DataArray(memory, shape: [count, MNIST.pixelCount], elementType: .uint8)
            arrays[part + "_labels"] = DataArray(labels, shape: [count])
        }
        return DataSet(made: arrays, isSynthetic: true)
    }
}
