import Diagnostics
import Kernels
import Launching
import Observing

/// What `benchmark kernels` measured, as `--report` writes it; the fastest of all rounds.
struct KernelReport: Codable, Sendable, Equatable {
    /// The best the processor can do with some vectors.
    struct Peak: Codable, Sendable, Equatable {
        var way: String
        var gigaflops: Double
    }

    /// A product.
    struct Product: Codable, Sendable, Equatable {
        var name: String
        var rows: Int
        var columns: Int
        var depth: Int
        /// GFLOP/s with each of the ways, in the order of the peaks.
        var gigaflops: [Double]
        /// The first of them, divided by its peak.
        var efficiency: Double
        var microseconds: Double
    }

    /// A pass over memory.
    struct Pass: Codable, Sendable, Equatable {
        var name: String
        var shape: String
        var microseconds: Double
        /// What is read and written a second, in GB/s.
        var gigabytes: Double
        /// That divided by a copy's, in cache.
        var efficiency: Double
    }

    /// The version of this format.
    var schema = 1
    /// The version of Lockstep.
    var version = Version.current
    /// The instruction sets beyond the baseline.
    var features: [String]
    /// How often each kernel was measured.
    var rounds: Int
    /// The widest vectors first.
    var peaks: [Peak]
    /// Copying 128 KiB, and copying 64 MiB, in GB/s.
    var copyInCache: Double
    var copyInMemory: Double
    var products: [Product]
    var passes: [Pass]

    /// Measures everything; takes some seconds on one core.
    init(rounds: Int) {
        let benchmark = KernelBenchmark(rounds: rounds)
        let ways = KernelBenchmark.ways
        features = Processors.features()
        self.rounds = rounds
        let peaks = ways.map { Peak(way: KernelBenchmark.name($0), gigaflops: benchmark.peak($0)) }
        self.peaks = peaks
        let cache = benchmark.bandwidth(count: 32 << 10)
        copyInCache = cache
        copyInMemory = benchmark.bandwidth(count: 16 << 20)
        products = KernelBenchmark.products.map { product in
            let speeds = ways.map { benchmark.measure(product, $0) }
            return Product(
                name: product.name, rows: product.rows, columns: product.columns, depth: product.depth,
                gigaflops: speeds, efficiency: speeds[0] / peaks[0].gigaflops,
                microseconds: 2 * Double(product.rows * product.columns * product.depth) / speeds[0] / 1000)
        }
        passes = KernelBenchmark.passes().map { pass in
            let seconds = benchmark.time(pass.run)
            let speed = Double(pass.bytes) / seconds / 1e9
            return Pass(
                name: pass.name, shape: pass.shape, microseconds: seconds * 1e6, gigabytes: speed,
                efficiency: speed / cache)
        }
    }

    /// The report as tables for people.
    var text: String {
        func number(_ value: Double) -> String { Decimals.text(value, places: value < 10 ? 1 : 0) }
        func percent(_ value: Double) -> String { Decimals.text(value * 100, places: 0) + " %" }
        let peaks = peaks.map { "\(number($0.gigaflops)) GFLOP/s with \($0.way)" }.joined(separator: ", ")
        var products = [["product", "rows×columns×depth", "µs"] + self.peaks.map(\.way) + ["of peak"]]
        products += self.products.map { product in
            [product.name, "\(product.rows)×\(product.columns)×\(product.depth)", number(product.microseconds)]
                + product.gigaflops.map(number) + [percent(product.efficiency)]
        }
        var passes = [["pass", "rows×columns", "µs", "GB/s", "of a copy"]]
        passes += self.passes.map {
            [$0.name, $0.shape, number($0.microseconds), number($0.gigabytes), percent($0.efficiency)]
        }
        return "One thread, the fastest of \(rounds) rounds. At best: \(peaks);\n"
            + "a copy of 128 KiB at \(number(copyInCache)) GB/s, of 64 MiB at \(number(copyInMemory)) GB/s.\n\n"
            + TextTable.layOut(products, rightAligned: Set(2..<products[0].count)) + "\n"
            + TextTable.layOut(passes, rightAligned: [2, 3, 4])
    }
}

extension BenchmarkCommand {
    /// Measures the kernels.
    ///
    /// - Throws: `Failure`.
    static func measureKernels(_ options: KernelOptions) throws -> Int32 {
        let file = try options.reportFile.map { try OutputFile($0, for: "report") }
        let report = KernelReport(rounds: options.rounds)
        try StandardStream.output.write(report.text)
        try file?.write(report.json())
        return 0
    }
}
