import Glibc

/// What the system said when its last call failed, from `errno`.
struct SystemError {
    /// The error number.
    let code: Int32

    /// Reads the error of the call that has just failed on this thread.
    static var last: SystemError { SystemError(code: errno) }

    /// Whether the file or folder does not exist.
    var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The error in words.
    var text: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
