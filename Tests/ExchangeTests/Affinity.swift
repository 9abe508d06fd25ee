import Foundation
import Glibc

/// The processors that threads may run on, for tests of where they are placed.
enum Affinity {
    /// The processors that a thread may run on, as the system tells.
    static func processors(of thread: pid_t) -> Set<Int32> {
        let status = (try? String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") } ?? ":"
        var processors: Set<Int32> = []
        let ranges = line.split(separator: ":").last ?? ""
        for range in ranges.split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int32($0.trimmingCharacters(in: .whitespaces)) }
            if let first = ends.first, let last = ends.last { processors.formUnion(first...last) }
        }
        return processors
    }

    /// Has the calling thread run on one processor only, by the system's own call, which the C library shows to GNU's
    /// dialect of C alone.
    static func restrict(to processor: Int32) {
        typealias Call = @convention(c) (pid_t, Int, UnsafeRawPointer) -> Int32
        guard let symbol = dlsym(nil, "sched_setaffinity") else { return }
        var mask = [UInt8](repeating: 0, count: 128)
        mask[Int(processor) / 8] = 1 << UInt8(processor % 8)
        _ = unsafeBitCast(symbol, to: Call.self)(0, mask.count, mask)
    }
}
