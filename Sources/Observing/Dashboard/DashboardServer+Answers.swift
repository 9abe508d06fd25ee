import CMicroHTTPD

extension DashboardServer {
    /// What every answer says: nothing from elsewhere is loaded, framed or kept.
    private static let safety = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", "no-store"),
    ]

    /// Answers a request, of which the library tells several times: when its head is there, when it is there whole, and
    /// when its connection is resumed.
    func answer(
        _ connection: OpaquePointer, method: String, path: String, hasBody: Bool,
        _ context: inout UnsafeMutableRawPointer?
    ) -> MHD_Result {
        guard let known = context else {
            context = Unmanaged.passRetained(DashboardRequest()).toOpaque()
            do {
                try DashboardRequest.check(
                    DashboardHeaders(connection), method: method, path: path, at: address)
            } catch let refusal as DashboardRequest.Refusal {
                return refuse(connection, refusal)
            } catch {
                return .NO
            }
            return .YES
        }
        // Nobody has anything to say here, so that the connection ends.
        if hasBody { return .NO }
        let request = Unmanaged<DashboardRequest>.fromOpaque(known).takeUnretainedValue()
        let isHead = method == "HEAD"
        switch path {
        case "/":
            return send(connection, 200, "text/html; charset=utf-8", StaticPage.bytes)
        case "/events":
            return isHead
                ? send(connection, 200, "text/event-stream", []) : stream(connection, request)
        case "/state":
            return isHead ? send(connection, 200, "application/json", []) : sendState(connection, request)
        case "/metrics":
            guard let metrics else { break }
            return send(connection, 200, "text/plain; version=0.0.4; charset=utf-8", Array(metrics().utf8))
        default: break
        }
        return refuse(connection, DashboardRequest.Refusal(status: 404, text: "there is nothing here"))
    }

    private func stream(_ connection: OpaquePointer, _ request: DashboardRequest) -> MHD_Result {
        let reader = DashboardReader(.events, on: connection)
        guard feed.open(reader) else { return refuse(connection, Self.full) }
        request.reader = reader
        let source = Unmanaged.passRetained(Stream(feed: feed, reader: reader)).toOpaque()
        let response = MHD_create_response_from_callback(
            microhttpd_size_unknown, Self.connectionMemory,
            { context, _, buffer, size in
                guard let context, let buffer else { return 0 }
                let stream = Unmanaged<Stream>.fromOpaque(context).takeUnretainedValue()
                return stream.feed.read(stream.reader, into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
            }, source,
            { context in
                if let context { Unmanaged<Stream>.fromOpaque(context).release() }
            })
        guard let response else {
            Unmanaged<Stream>.fromOpaque(source).release()
            return .NO
        }
        return queue(connection, 200, "text/event-stream", response)
    }

    private func sendState(_ connection: OpaquePointer, _ request: DashboardRequest) -> MHD_Result {
        if let reader = request.reader {
            guard let state = feed.takeState(reader) else { return refuse(connection, Self.full) }
            return send(connection, 200, "application/json", state)
        }
        let reader = DashboardReader(.state, on: connection)
        request.reader = reader
        // The connection is suspended until the feed's thread has made the state.
        return feed.open(reader) ? .YES : refuse(connection, Self.full)
    }

    private static let full = DashboardRequest.Refusal(status: 503, text: "too many look, or the run is over")

    private func refuse(_ connection: OpaquePointer, _ refusal: DashboardRequest.Refusal) -> MHD_Result {
        send(
            connection, refusal.status, "text/plain; charset=utf-8", Array((refusal.text + "\n").utf8),
            refusal.status == 405 ? [("Allow", "GET, HEAD")] : [])
    }

    private func send(
        _ connection: OpaquePointer, _ status: Int, _ type: String, _ body: [UInt8], _ more: [(String, String)] = []
    ) -> MHD_Result {
        var body = body
        let response = body.withUnsafeMutableBytes {
            MHD_create_response_from_buffer($0.count, $0.baseAddress, .RESPMEM_MUST_COPY)
        }
        guard let response else { return .NO }
        return queue(connection, status, type, response, more)
    }

    private func queue(
        _ connection: OpaquePointer, _ status: Int, _ type: String, _ response: OpaquePointer,
        _ more: [(String, String)] = []
    ) -> MHD_Result {
        defer { MHD_destroy_response(response) }
        for (name, value) in Self.safety + [("Content-Type", type)] + more {
            guard MHD_add_response_header(response, name, value) == .YES else { return .NO }
        }
        return MHD_queue_response(connection, UInt32(status), response)
    }

    /// What an event stream reads from.
    private final class Stream {
        let feed: DashboardFeed
        let reader: DashboardReader

        init(feed: DashboardFeed, reader: DashboardReader) {
            self.feed = feed
            self.reader = reader
        }
    }
}
