import Datasets
import Diagnostics
import Kernels
import Launching
import Messaging
import Observing

// Libraries and the machine.
extension DependencyCheck {
    /// The oldest libzmq that has all that `Messaging` uses.
    static let oldestZeroMQ = "4.2.0"
    /// The memory, in bytes, with which a small run gets along; decoding the digits takes half of it.
    static let leastMemory = 512 << 20

    /// The libraries that are linked, as they are now.
    static var libraries: [DependencyCheck] {
        [
            DependencyCheck(name: "libzmq") { try zeroMQ(zeroMQVersion()) },
            DependencyCheck(name: "libsodium") { .ok(sodiumVersion()) },
            DependencyCheck(name: "zlib") { .ok(zlibLibraryVersion()) },
            DependencyCheck(name: "libmicrohttpd") { .ok(microHTTPDVersion()) },
            DependencyCheck(name: "encryption (CURVE)") { try curve(zeroMQHasCurve()) },
        ]
    }

    /// Processor and memory.
    static var machine: [DependencyCheck] {
        [
            DependencyCheck(name: "processor") {
                let features = Processors.features()
                let way = KernelBenchmark.name(lockstep_product_way())
                return .ok("products by \(way)" + (features.isEmpty ? "" : " (\(features.joined(separator: ", ")))"))
            },
            DependencyCheck(name: "cores") { .ok("\(Processors.available())") },
            DependencyCheck(name: "memory") { try memory(FreeMemory.bytes()) },
        ]
    }

    /// What to say of a version of libzmq.
    static func zeroMQ(_ version: String) throws -> Finding {
        func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0) ?? 0 } }
        guard !numbers(version).lexicographicallyPrecedes(numbers(oldestZeroMQ)) else {
            throw Failure(
                .workers, "version \(version) is too old", remedy: "install libzmq \(oldestZeroMQ) or later")
        }
        return .ok(version)
    }

    /// What to say of a libzmq that can or cannot encrypt.
    static func curve(_ isThere: Bool) throws -> Finding {
        guard isThere else {
            throw Failure(
                .workers, "libzmq cannot encrypt", because: "it was built without libsodium",
                remedy: "install Debian's libzmq5, or one built with libsodium")
        }
        return .ok("libzmq has it")
    }

    /// What to say of some free memory.
    static func memory(_ bytes: Int?) throws -> Finding {
        guard let bytes else { return .ok("unknown") }
        let text = "\(Decimals.text(Double(bytes) / 0x1p30, places: 1)) GiB free"
        guard bytes >= leastMemory else {
            throw Failure(
                .workers, text, because: "workers need \(leastMemory >> 20) MiB or more",
                remedy: "end other programs, or raise the limit of the control group")
        }
        return .ok(text)
    }
}
