/// The memory that this machine has left for this process.
public enum FreeMemory {
    /// The bytes that can be had without swapping, at most what a control group allows; nil if nothing tells.
    public static func bytes() -> Int? { bytes(reading: ControlGroup.contents) }

    /// - Parameter read: returns the text of a file, or nil when there is none.
    static func bytes(reading read: (String) -> String?) -> Int? {
        let line = read("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
        guard fields.count == 3, fields[2] == "kB", let kilobytes = Int(fields[1]), (0...1 << 50).contains(kilobytes)
        else { return nil }
        let limits = ControlGroup.values(of: "memory.max", reading: read).compactMap { text in
            Int(text.filter { !$0.isWhitespace })
        }
        return min(kilobytes * 1024, limits.min() ?? .max)
    }
}
