import Diagnostics
import Glibc

/// Standard output and standard error, written whole and at once.
///
/// Thread-safe in that a text of one call is written by `write(2)` without a buffer between.
public enum StandardStream: Int32, Sendable {
    /// Where results go.
    case output = 1
    /// Where progress and errors go.
    case error = 2

    /// Writes a text.
    ///
    /// - Returns: false if nobody reads any more; that is no error, but there is no point in writing on.
    /// - Throws: `Failure` (data) if it cannot be written for another reason, as on a full disk.
    @discardableResult
    public func write(_ text: String) throws -> Bool {
        var text = text
        return try text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let count = Glibc.write(rawValue, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EPIPE {
                    return false
                } else if errno != EINTR {
                    throw Failure(
                        .data, "cannot write results",
                        at: self == .output ? "standard output" : "standard error",
                        because: String(cString: strerror(errno)).lowercased())
                }
            }
            return true
        }
    }
}
