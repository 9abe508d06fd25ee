import CSodium
import CZeroMQ
import Diagnostics

/// A libzmq context: the I/O thread that all sockets of a process share.
///
/// Thread-safe. Every socket holds its context, so the context ends only after the last of them has closed; sockets
/// close without lingering unless told otherwise, so that ending it does not hang.
public final class Context: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer

    /// Creates a context.
    ///
    /// - Parameters:
    ///   - ioThreads: threads that move bytes; one serves about a gigabyte a second.
    ///   - maximumSockets: sockets that may be open at one time.
    /// - Throws: `Failure` when libzmq has no memory or file descriptors left.
    public init(ioThreads: Int = 1, maximumSockets: Int = 1023) throws {
        precondition((1...64).contains(ioThreads) && (1...65_535).contains(maximumSockets))
        guard let handle = zmq_ctx_new() else {
            throw ZeroMQError.last.failure("cannot create a ZeroMQ context")
        }
        self.handle = handle
        for (option, value) in [
            (ZMQ_IO_THREADS, Int32(ioThreads)), (ZMQ_MAX_SOCKETS, Int32(maximumSockets)), (ZMQ_BLOCKY, 0),
        ] where zmq_ctx_set(handle, option, value) != 0 {
            // Throwing after full initialisation runs the deinitialiser, which ends the context.
            throw ZeroMQError.last.failure("cannot configure a ZeroMQ context")
        }
    }

    /// Makes every blocked or later call on a socket of this context fail, so that its owner closes it.
    ///
    /// May be called from any thread, and more than once.
    public func shutDown() {
        _ = zmq_ctx_shutdown(handle)
    }

    deinit {
        // Interrupted by a signal, it has to be called again.
        while zmq_ctx_term(handle) != 0 && zmq_errno() == EINTR {}
    }
}

/// The version of the libzmq that this process is linked to.
///
/// - Returns: major, minor and patch, as in `4.3.4`.
public func zeroMQVersion() -> String {
    var major: Int32 = 0
    var minor: Int32 = 0
    var patch: Int32 = 0
    zmq_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
}

/// Whether the libzmq that this process is linked to can encrypt.
public func zeroMQHasCurve() -> Bool { zmq_has("curve") == 1 }

/// The version of the libsodium that this process is linked to.
public func sodiumVersion() -> String { String(cString: sodium_version_string()) }
