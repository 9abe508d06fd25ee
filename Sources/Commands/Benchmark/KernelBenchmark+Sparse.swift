import Kernels
import Tensors

extension KernelBenchmark {
    /// The products of q3's first layer, which leave zeros out; bytes are those of its weight.
    static func sparsePasses() -> [Pass] {
        let outputs = 256
        let (rows, width) = (64, 784)
        let pixels = Storage(count: rows * width)
        // One in five is not 0, in runs, as of images.
        for index in 0..<pixels.count where (index + 3 * (index / width)) % 25 < 5 {
            pixels.pointer[index] = Float(index % 255 + 1) / 255
        }
        let images = SparseRows(rows: rows, width: width, limit: pixels.count)
        let columns = SparseRows(rows: width, width: rows, limit: pixels.count)
        _ = images.gather(pixels.pointer, rows: rows, stride: width, limit: images.limit)
        columns.gather(transposing: images)
        let weight = numbers(width * outputs)
        let result = numbers(rows * outputs)
        let bytes = weight.count * MemoryLayout<Float>.stride
        func matrix(_ values: Storage) -> LockstepMatrix {
            LockstepMatrix(values: values.pointer, rowStride: outputs, columnStride: 1)
        }
        return [
            Pass(name: "numbers that are not 0", shape: "64×784", bytes: 4 * pixels.count) {
                _ = images.gather(pixels.pointer, rows: rows, stride: width, limit: images.limit)
            },
            Pass(name: "and by columns", shape: "64×784", bytes: 4 * pixels.count) {
                columns.gather(transposing: images)
            },
            Pass(name: "q3 hidden without zeros, forward", shape: "64×256×784", bytes: bytes) {
                lockstep_sparse_product(
                    result.pointer, outputs, &images.matrix, matrix(weight), outputs, LockstepProductEnd(), false)
            },
            Pass(name: "q3 hidden without zeros, weight", shape: "784×256×64", bytes: bytes) {
                lockstep_sparse_product(
                    weight.pointer, outputs, &columns.matrix, matrix(result), outputs, LockstepProductEnd(), false)
            },
        ]
    }
}
