import Diagnostics
import Glibc

/// A failed system call's error number.
struct SystemError {
    let code: Int32

    /// The error of the call that has just failed on this thread.
    static var last: SystemError { SystemError(code: errno) }

    /// What the system says about it.
    var text: String { String(cString: strerror(code)) }

    /// Makes the failure to be thrown for it.
    func failure(_ what: String, at place: String? = nil, remedy: String? = nil) -> Failure {
        Failure(.workers, what, at: place, because: text, remedy: remedy)
    }

    /// Returns the result of a call that reports errors as negative numbers, or throws.
    static func check(_ result: Int32, _ what: String) throws -> Int32 {
        guard result >= 0 else { throw SystemError(code: -result).failure(what) }
        return result
    }
}
