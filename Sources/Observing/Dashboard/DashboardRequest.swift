import CMicroHTTPD

/// A request to the server: what was asked, and who reads the answer.
final class DashboardRequest {
    /// The longest path that is looked at, in bytes.
    static let longestPath = 1024

    /// A refusal, by its status and a line for people.
    struct Refusal: Error {
        let status: Int
        let text: String
    }

    /// The reader that the answer is read by, once it has begun.
    var reader: DashboardReader?

    /// Makes sure that a request may be answered.
    ///
    /// Another page that has a name lead to this machine (DNS rebinding) gives itself away by `Host`, and one that asks
    /// on its own behalf by `Origin`.
    ///
    /// - Throws: `Refusal`.
    static func check(_ headers: DashboardHeaders, method: String, path: String, at address: DashboardAddress) throws {
        guard path.utf8.count <= longestPath else { throw Refusal(status: 414, text: "the path is too long") }
        guard headers.hosts.count == 1, let host = headers.hosts.first?.lowercased() else {
            throw Refusal(status: 400, text: "expected one Host")
        }
        let names = ["localhost", "127.0.0.1", "[::1]", address.host]
        guard
            names.contains(where: { host == "\($0):\(address.port)" || (address.port == 80 && host == $0) })
        else {
            throw Refusal(status: 421, text: "Host is not this server; look at http://localhost:\(address.port)/")
        }
        guard headers.origins.allSatisfy({ $0.lowercased() == "http://\(host)" }) else {
            throw Refusal(status: 403, text: "another site may not ask")
        }
        guard method == "GET" || method == "HEAD" else {
            throw Refusal(status: 405, text: "this server only answers GET and HEAD")
        }
    }
}

/// The headers of a request that matter.
struct DashboardHeaders {
    var hosts: [String] = []
    var origins: [String] = []

    init() {}

    /// Reads those of a connection's request.
    init(_ connection: OpaquePointer) {
        withUnsafeMutablePointer(to: &self) { headers in
            _ = MHD_get_connection_values(
                connection, .HEADER_KIND,
                { context, _, name, value in
                    guard let headers = context?.assumingMemoryBound(to: DashboardHeaders.self), let name else {
                        return .YES
                    }
                    let text = value.map { String(cString: $0) } ?? ""
                    switch String(cString: name).lowercased() {
                    case "host": headers.pointee.hosts.append(text)
                    case "origin": headers.pointee.origins.append(text)
                    default: break
                    }
                    return .YES
                }, headers)
        }
    }
}
