import Kernels
import Tensors

/// Measures the products and passes of the questions beside what the machine can do at best, on one thread.
struct KernelBenchmark {
    /// How often each is measured; the fastest time counts.
    let rounds: Int

    /// The least time of a measurement, in seconds: short ones are repeated.
    private static let leastTime = 0.001

    /// The seconds that one call takes, at best.
    func time(_ body: () -> Void) -> Double {
        body()
        var repeats = 1
        var best = Double.infinity
        for _ in 0..<rounds {
            var seconds = 0.0
            while true {
                let start = ContinuousClock.now
                for _ in 0..<repeats { body() }
                seconds = start.duration(to: .now) / .seconds(1)
                if seconds >= Self.leastTime || repeats > 1 << 24 { break }
                repeats *= 2
            }
            best = min(best, seconds / Double(repeats))
        }
        return best
    }

    /// A way to compute products, by name.
    static func name(_ way: LockstepProductWay) -> String {
        switch way {
        case LOCKSTEP_PRODUCT_AVX512: "AVX-512"
        case LOCKSTEP_PRODUCT_AVX2: "AVX2"
        default: "plain"
        }
    }

    /// The ways worth measuring on this processor, the widest first.
    static var ways: [LockstepProductWay] {
        let widest = lockstep_product_way().rawValue
        return (min(1, widest)...widest).reversed().map { LockstepProductWay(rawValue: $0) }
    }

    /// The operations a second at best, in GFLOP/s.
    func peak(_ way: LockstepProductWay) -> Double {
        var sink: Float = 0.5
        var operations = 0.0
        let seconds = time { operations = lockstep_peak(way, 100_000, &sink) }
        return operations / seconds / 1e9
    }

    /// The bytes a second of a copy, read and written, in GB/s, with arrays of `count` numbers.
    func bandwidth(count: Int) -> Double {
        let (from, to) = (Storage(count: count), Storage(count: count))
        let seconds = time { to.pointer.update(from: from.pointer, count: count) }
        return Double(2 * count * MemoryLayout<Float>.stride) / seconds / 1e9
    }

    /// A product that a question needs: [rows, depth] · [depth, columns].
    struct Product: Sendable {
        /// What it is for.
        let name: String
        let rows: Int
        let columns: Int
        let depth: Int
        /// Whether a factor lies transposed in memory.
        let isLeftTransposed: Bool
        let isRightTransposed: Bool
    }

    /// The products of the questions, with the recipes of `config` and four shards, and of a larger GPT.
    static let products: [Product] =
        layer("q2 hidden", 50, 64, 64) + Array(layer("q3 hidden", 64, 784, 256).prefix(2))
        + layer("q3 scores", 64, 256, 10) + layer("q4 state", 32, 256, 256) + layer("q4 scores", 32, 256, 5)
        + Array(layer("q5 hidden", 10, 676, 100)) + layer("q7 projection", 1250, 100, 300)
        + layer("q7 linear", 1250, 100, 100) + layer("q7 scores", 1250, 100, 65) + attention("q7 attention", 10, 100)
        + layer("GPT projection", 192, 128, 384) + layer("GPT rise", 192, 128, 512) + layer("GPT fall", 192, 512, 128)
        + attention("GPT attention", 64, 32)

    /// The products of a linear layer: forward, gradient of the weight, gradient of the input.
    private static func layer(_ name: String, _ rows: Int, _ inputs: Int, _ outputs: Int) -> [Product] {
        [
            Product(
                name: name + ", forward", rows: rows, columns: outputs, depth: inputs, isLeftTransposed: false,
                isRightTransposed: true),
            Product(
                name: name + ", weight", rows: outputs, columns: inputs, depth: rows, isLeftTransposed: true,
                isRightTransposed: false),
            Product(
                name: name + ", input", rows: rows, columns: inputs, depth: outputs, isLeftTransposed: false,
                isRightTransposed: false),
        ]
    }

    /// The products of an attention of one head: Q·Kᵀ, P·V, Pᵀ·G.
    private static func attention(_ name: String, _ length: Int, _ width: Int) -> [Product] {
        [
            Product(
                name: name + ", scores", rows: length, columns: length, depth: width, isLeftTransposed: false,
                isRightTransposed: true),
            Product(
                name: name + ", values", rows: length, columns: width, depth: length, isLeftTransposed: false,
                isRightTransposed: false),
            Product(
                name: name + ", value", rows: length, columns: width, depth: length, isLeftTransposed: true,
                isRightTransposed: false),
        ]
    }

    /// The operations a second of a product, in GFLOP/s.
    func measure(_ product: Product, _ way: LockstepProductWay) -> Double {
        let (rows, columns, depth) = (product.rows, product.columns, product.depth)
        let (a, b) = (Self.numbers(rows * depth), Self.numbers(depth * columns))
        let c = Storage(count: rows * columns)
        let left = LockstepMatrix(
            values: a.pointer, rowStride: product.isLeftTransposed ? 1 : depth,
            columnStride: product.isLeftTransposed ? rows : 1)
        let right = LockstepMatrix(
            values: b.pointer, rowStride: product.isRightTransposed ? 1 : columns,
            columnStride: product.isRightTransposed ? depth : 1)
        let seconds = time {
            lockstep_product_by(
                way, c.pointer, columns, left, right, rows, columns, depth, LOCKSTEP_RECTANGLE, LockstepProductEnd())
        }
        return 2 * Double(rows * columns * depth) / seconds / 1e9
    }

    /// Memory with numbers in (−1, 1).
    static func numbers(_ count: Int) -> Storage {
        let storage = Storage(count: count)
        for index in 0..<count { storage.pointer[index] = Float((index * 7919) % 2003) / 1001.5 - 1 }
        return storage
    }
}
