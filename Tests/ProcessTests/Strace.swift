import Foundation
import Testing

/// The system calls of a process, changed on their way by Debian's `strace`: it kills the process at one of them, or has
/// one fail.
enum Strace {
    static let path = "/usr/bin/strace"

    /// Why tests that need it are left out.
    static let remedy = Comment(rawValue: "strace is not there, or may not trace; tools/setup test installs it")

    /// Whether it is there and may trace.
    static let works: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-qq", "-o", "/dev/null", "/bin/true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// The arguments that do something at a system call on one of some paths.
    static func arguments(_ call: String, _ effect: String, on paths: [String]) -> [String] {
        ["-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):\(effect)"]
            + paths.flatMap { ["-P", $0] }
    }
}
