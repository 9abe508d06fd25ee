import FoundationEssentials
import Glibc

/// The memory of processes, as the kernel tells it.
enum ProcessMemory {
    /// The most bytes that each process had resident at any time, summed over this one and others.
    ///
    /// Memory that processes share is counted once for each of them.
    ///
    /// - Returns: nil if the kernel does not tell of one of them.
    static func peak(of others: [Int32]) -> Int? {
        var sum = 0
        for process in [getpid()] + others {
            guard let peak = peak(ofStatus: (try? Data(contentsOf: URL(filePath: "/proc/\(process)/status"))) ?? Data())
            else { return nil }
            sum += peak
        }
        return sum
    }

    /// The line `VmHWM: N kB` of a status, in bytes; nil without it.
    static func peak(ofStatus status: Data) -> Int? {
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
        guard fields.count == 3, fields[2] == "kB", let kilobytes = Int(fields[1]), kilobytes >= 0 else { return nil }
        return kilobytes.multipliedReportingOverflow(by: 1024).overflow ? nil : kilobytes * 1024
    }
}
