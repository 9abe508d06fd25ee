import Kernels
import Tensors

extension KernelBenchmark {
    /// Images as q3's first layer meets them: one number in five is not 0, in runs.
    private final class Images {
        let pixels: Storage
        var sparse: LockstepSparse
        let rows: Int
        let width = 784

        init(rows: Int) {
            self.rows = rows
            pixels = Storage(count: rows * width)
            for index in 0..<rows * width where (index + 3 * (index / width)) % 25 < 5 {
                pixels.pointer[index] = Float(index % 255 + 1) / 255
            }
            sparse = Self.room(rows: rows, width: width)
            gather()
        }

        /// The transpose of other images.
        init(transposing other: Images) {
            rows = other.rows
            pixels = other.pixels
            sparse = Self.room(rows: other.width, width: other.rows)
            lockstep_sparse_transpose(&sparse, &other.sparse)
        }

        deinit {
            sparse.values.deallocate()
            sparse.columns.deallocate()
            sparse.starts.deallocate()
        }

        func gather() { _ = lockstep_sparse_gather(&sparse, pixels.pointer, width, rows * width) }

        private static func room(rows: Int, width: Int) -> LockstepSparse {
            LockstepSparse(
                values: .allocate(capacity: (rows + 1) * width + 16),
                columns: .allocate(capacity: (rows + 1) * width + 16),
                starts: .allocate(capacity: rows * lockstep_sparse_parts(width) + 1), rows: rows, width: width)
        }
    }

    /// The products of q3's first layer, which leave zeros out; bytes are those of its weight.
    static func sparsePasses() -> [Pass] {
        let outputs = 256
        let images = Images(rows: 64)
        let columns = Images(transposing: images)
        let weight = numbers(images.width * outputs)
        let result = numbers(images.rows * outputs)
        let bytes = weight.count * MemoryLayout<Float>.stride
        func matrix(_ values: Storage) -> LockstepMatrix {
            LockstepMatrix(values: values.pointer, rowStride: outputs, columnStride: 1)
        }
        return [
            Pass(name: "numbers that are not 0", shape: "64×784", bytes: 4 * images.pixels.count) { images.gather() },
            Pass(name: "and by columns", shape: "64×784", bytes: 4 * images.pixels.count) {
                lockstep_sparse_transpose(&columns.sparse, &images.sparse)
            },
            Pass(name: "q3 hidden without zeros, forward", shape: "64×256×784", bytes: bytes) {
                lockstep_sparse_product(
                    result.pointer, outputs, &images.sparse, matrix(weight), outputs, LockstepProductEnd(), false)
            },
            Pass(name: "q3 hidden without zeros, weight", shape: "784×256×64", bytes: bytes) {
                lockstep_sparse_product(
                    weight.pointer, outputs, &columns.sparse, matrix(result), outputs, LockstepProductEnd(), false)
            },
        ]
    }
}
