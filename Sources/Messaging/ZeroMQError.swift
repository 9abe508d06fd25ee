import CZeroMQ
import Diagnostics

/// The error number that the last libzmq call on this thread left behind.
struct ZeroMQError {
    /// The error number, as in `errno`.
    let code: Int32

    /// Reads the error of the libzmq call that has just failed on this thread.
    static var last: ZeroMQError { ZeroMQError(code: zmq_errno()) }

    /// What libzmq says about it.
    var text: String { String(cString: zmq_strerror(code)) }

    /// Makes the failure to be thrown for it.
    ///
    /// - Parameters:
    ///   - what: what could not be done.
    ///   - place: the endpoint or option concerned.
    func failure(_ what: String, at place: String? = nil) -> Failure {
        Failure(.workers, what, at: place, because: text)
    }
}
