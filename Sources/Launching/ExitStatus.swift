import Glibc

/// How a process ended.
public enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// It returned or exited, with this code.
    case exited(Int32)
    /// A signal killed it.
    case signalled(Int32)
    /// The system kept no status, because this process ignores the end of its children.
    case unknown

    /// The status as the system's `wait` reports it.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .signalled(signal)
    }

    /// Whether it ended with exit code 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// The status in words: `exit code 3` or `signal 9 (Killed)`.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal):
            "signal \(signal)" + (strsignal(signal).map { " (\(String(cString: $0)))" } ?? "")
        case .unknown: "unknown status"
        }
    }
}
