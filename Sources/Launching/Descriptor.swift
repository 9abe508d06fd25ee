import Diagnostics
import Glibc
import Platform

/// An open file descriptor and the duty to close it.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Takes a descriptor over.
    init(owning number: Int32) {
        precondition(number >= 0)
        self.number = number
    }

    /// Makes a pipe; both ends are closed on exec and are none of the standard streams.
    static func pipe() throws -> Pipe {
        var ends: [Int32] = [-1, -1]
        _ = try SystemError.check(platform_open_pipe(&ends), "cannot make a pipe")
        return Pipe(readEnd: Descriptor(owning: ends[0]), writeEnd: Descriptor(owning: ends[1]))
    }

    /// Makes reads and writes return at once.
    func setNonBlocking() throws {
        let flags = fcntl(number, F_GETFL)
        guard flags >= 0, fcntl(number, F_SETFL, flags | O_NONBLOCK) >= 0 else {
            throw SystemError.last.failure("cannot configure a pipe")
        }
    }

    /// Waits until one of several descriptors has something to read, or its other end is closed.
    ///
    /// - Returns: false when the time is up.
    static func waitReadable(_ numbers: [Int32], until deadline: ContinuousClock.Instant) throws -> Bool {
        while true {
            let left = max(.zero, deadline - ContinuousClock.now)
            let (seconds, attoseconds) = left.components
            var items = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let milliseconds = min(seconds, 86_400) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            let ready = poll(&items, nfds_t(items.count), Int32(milliseconds))
            if ready > 0 { return true }
            if ready == 0 && ContinuousClock.now >= deadline { return false }
            guard ready == 0 || errno == EINTR else { throw SystemError.last.failure("cannot wait") }
        }
    }

    deinit {
        close(number)
    }
}

/// The two ends of a pipe.
struct Pipe: ~Copyable {
    let readEnd: Descriptor
    let writeEnd: Descriptor
}
