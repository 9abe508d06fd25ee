import CMicroHTTPD
import Diagnostics
import Glibc
import Threads

/// The web server of a dashboard: it only answers GET and HEAD, and only to this machine.
///
/// One thread of its own serves all connections, another encodes what they read. Thread-safe.
final class DashboardServer: @unchecked Sendable {
    // Unchecked, because the daemon is only touched by its own thread, and by `stop`, once.

    /// The most connections at once.
    static let connectionCapacity = 64
    /// The most memory for the request and the answer of a connection, in bytes.
    static let connectionMemory = 32 << 10
    /// The seconds after which a connection is closed on which nothing moves.
    static let patience = 30

    let address: DashboardAddress
    let feed: DashboardFeed
    let metrics: (@Sendable () -> String)?
    private var daemon: OpaquePointer?
    private var thread: JoinableThread?

    /// Starts serving.
    ///
    /// - Parameter metrics: what `/metrics` says, in Prometheus' text format; nil for nothing.
    /// - Throws: `Failure(.workers)` if no thread can be started.
    init(at listener: DashboardListener, feed: DashboardFeed, metrics: (@Sendable () -> String)?) throws {
        address = listener.address
        self.feed = feed
        self.metrics = metrics
        let options = [
            MHD_OptionItem(
                option: .CONNECTION_LIMIT, value: Int(Self.connectionCapacity), ptr_value: nil),
            MHD_OptionItem(
                option: .CONNECTION_MEMORY_LIMIT, value: Int(Self.connectionMemory), ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: Int(Self.patience), ptr_value: nil),
            MHD_OptionItem(option: .STRICT_FOR_CLIENT, value: 1, ptr_value: nil),
            MHD_OptionItem(option: .END, value: 0, ptr_value: nil),
        ]
        daemon = microhttpd_start(
            listener.release(),
            { context, connection, url, method, _, _, size, request in
                guard let context, let connection, let url, let method, let request else { return .NO }
                let server = Unmanaged<DashboardServer>.fromOpaque(context).takeUnretainedValue()
                return server.answer(
                    connection, method: String(cString: method), path: String(cString: url),
                    hasBody: (size?.pointee ?? 0) > 0, &request.pointee)
            },
            { context, _, request, _ in
                guard let context, let ended = request?.pointee else { return }
                let server = Unmanaged<DashboardServer>.fromOpaque(context).takeUnretainedValue()
                request?.pointee = nil
                let reader = Unmanaged<DashboardRequest>.fromOpaque(ended).takeRetainedValue().reader
                if let reader { server.feed.close(reader) }
            }, Unmanaged.passUnretained(self).toOpaque(), options)
        guard daemon != nil else { throw Self.failure(at: address, errno) }
        do {
            try startFeed()
        } catch {
            stop()
            throw error
        }
    }

    deinit {
        stop()
    }

    /// Closes all connections; its threads have ended when it returns.
    func stop() {
        guard let daemon else { return }
        feed.stop()
        thread?.join()
        MHD_stop_daemon(daemon)
        self.daemon = nil
    }

    private func startFeed() throws {
        do {
            thread = try JoinableThread { [feed] in feed.run() }
        } catch {
            throw Self.failure(at: address, error.status)
        }
    }

    private static func failure(at address: DashboardAddress, _ error: Int32) -> Failure {
        Failure(
            .workers, "cannot show pictures", at: "\(address.host):\(address.port)",
            because: String(cString: strerror(error)).lowercased())
    }
}
