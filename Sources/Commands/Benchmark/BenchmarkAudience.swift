import Diagnostics
import Glibc
import Threads

/// Readers of a dashboard's events, as so many open pages are; they look at nothing that they read.
///
/// A thread of its own reads for all of them, but for those that have stalled, for whom nobody reads.
final class BenchmarkAudience {
    /// How many there are.
    struct Size: Sendable {
        /// Those that read whatever comes.
        var readers: Int
        /// Those that never read.
        var stalled = 0
    }

    /// The sockets that are read, as the thread has them.
    private final class Reading {
        var polled: [pollfd]

        init(_ sockets: [Int32]) { polled = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) } }

        /// Reads until every connection is closed.
        func run() {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while !polled.isEmpty, poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR {
                polled.removeAll { $0.revents != 0 && recv($0.fd, &buffer, buffer.count, 0) <= 0 }
            }
        }
    }

    private var sockets: [Int32] = []
    private var thread: JoinableThread?

    /// Opens the connections.
    ///
    /// - Throws: `Failure(.workers)` if one cannot be opened.
    init(_ size: Size, port: UInt16) throws {
        do {
            for index in 0..<size.readers + size.stalled {
                sockets.append(try Self.connect(port, isStalled: index >= size.readers))
            }
            let reading = Reading(Array(sockets.prefix(size.readers)))
            do {
                thread = try JoinableThread { reading.run() }
            } catch {
                throw Self.failure(error.status)
            }
        } catch {
            leave()
            throw error
        }
    }

    /// Closes the connections.
    func leave() {
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        thread?.join()
        thread = nil
        for socket in sockets { close(socket) }
        sockets = []
    }

    private static func connect(_ port: UInt16, isStalled: Bool) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(errno) }
        if isStalled {
            var window: Int32 = 4096
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafeBytes(of: &address) { bytes in
            bytes.baseAddress.map {
                Glibc.connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            } ?? -1
        }
        let request = Array("GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
        guard status == 0, write(descriptor, request, request.count) == request.count else {
            defer { close(descriptor) }
            throw failure(errno)
        }
        return descriptor
    }

    private static func failure(_ error: Int32) -> Failure {
        Failure(.workers, "cannot look at the dashboard", because: String(cString: strerror(error)).lowercased())
    }
}
