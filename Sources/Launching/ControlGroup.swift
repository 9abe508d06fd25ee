import Glibc

/// The control groups (version 2) that bound this process.
enum ControlGroup {
    /// What a file says in this process's group and in those above it, the innermost first.
    ///
    /// - Parameter read: returns the text of a file, or nil when there is none.
    static func values(of file: String, reading read: (String) -> String?) -> [String] {
        guard let line = read("/proc/self/cgroup")?.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })
        else { return [] }
        var folders = line.dropFirst(4).split(separator: "/")
        var values: [String] = []
        while true {
            let path = (["/sys/fs/cgroup"] + folders + [file[...]]).joined(separator: "/")
            if let value = read(path) { values.append(value) }
            if folders.popLast() == nil { return values }
        }
    }

    /// The first 4096 bytes of a file as text; nil if it cannot be read.
    static func contents(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
}
