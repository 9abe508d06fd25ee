import Platform

/// What this machine offers this process for computing.
public enum Processors {
    /// The number of processors that may be used: those of the affinity mask, bounded by the control group's quota.
    ///
    /// A quota is rounded down, but to no less than one. Reads a few small files; call it once.
    public static func available() -> Int {
        let allowed = max(1, Int(platform_processor_count()))
        guard let quota = quota(reading: ControlGroup.contents) else { return allowed }
        return min(allowed, max(1, Int(quota)))
    }

    /// The instruction sets beyond the baseline, by name; equal lists are needed for equal bits among machines.
    public static func features() -> [String] {
        let bits = platform_processor_features()
        var names: [String] = []
        var index: UInt32 = 0
        while index < 32, let name = platform_feature_name(index) {
            if bits & (1 << index) != 0 { names.append(String(cString: name)) }
            index += 1
        }
        return names
    }

    /// The smallest quota of this process's control group and those above it, in processors.
    ///
    /// - Parameter read: returns the text of a file, or nil when there is none.
    /// - Returns: nil when there is no limit (`cpu.max` of control groups, version 2).
    static func quota(reading read: (String) -> String?) -> Double? {
        ControlGroup.values(of: "cpu.max", reading: read).compactMap(processors).min()
    }

    /// Reads `QUOTA PERIOD`, both in microseconds.
    private static func processors(_ text: String) -> Double? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 2, let quota = Double(fields[0]), let period = Double(fields[1]), period > 0,
            quota > 0, (quota / period).isFinite, quota / period < 1e6
        else { return nil }
        return quota / period
    }
}
