import Diagnostics
import Glibc

/// A file descriptor that becomes readable, and stays so, once it is signalled from any thread.
final class WakeUp: Sendable {
    /// Readable after the signal.
    let descriptor: Int32
    private let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(type), 0, &ends) == 0 else {
            throw Failure(.workers, "cannot make a pair of sockets", because: String(cString: strerror(errno)))
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    func signal() {
        // A full socket is readable already.
        _ = write(writeEnd, "!", 1)
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }
}
