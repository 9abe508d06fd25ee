import Foundation

/// A browser of a few lines, over a socket of its own; every wait ends after some seconds.
public final class WebClient {
    /// What a server says to a request.
    public struct Answer {
        /// The number of the status.
        public let status: Int
        /// By their names in small letters.
        public let headers: [String: String]
        /// Without the framing.
        public let body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// The server has closed the connection, says nothing for too long, or what is no HTTP.
    public struct Silence: Error {}

    private let descriptor: Int32
    private let port: UInt16
    private var received: [UInt8] = []
    private var events: [UInt8] = []

    /// Connects to a port of this machine.
    ///
    /// - Parameters:
    ///   - window: the bytes that the kernel keeps for it; nil for the usual many.
    ///   - patience: the seconds that a wait takes at most.
    public init(port: UInt16, window: Int32? = nil, patience: Int = 10) throws {
        self.port = port
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var window { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size)) }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Asks, and waits for the answer.
    public static func ask(
        _ path: String, port: UInt16, method: String = "GET", _ headers: [String] = []
    ) throws -> Answer {
        let client = try WebClient(port: port)
        try client.ask(path, method: method, headers)
        return try client.answer(to: method)
    }

    /// Sends a request; with a right `Host` unless the headers hold one.
    public func ask(_ path: String, method: String = "GET", _ headers: [String] = []) throws {
        let host = headers.contains { $0.lowercased().hasPrefix("host:") } ? [] : ["Host: localhost:\(port)"]
        try send("\(method) \(path) HTTP/1.1\r\n" + (host + headers).map { $0 + "\r\n" }.joined() + "\r\n")
    }

    /// Sends any text.
    public func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Silence() }
            sent += count
        }
    }

    /// Says that no more will be sent.
    public func close() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads an answer whole.
    public func answer(to method: String = "GET") throws -> Answer {
        let (status, headers) = try head()
        if method == "HEAD" { return Answer(status: status, headers: headers, body: []) }
        var body: [UInt8] = []
        if headers["transfer-encoding"] == "chunked" {
            while let chunk = try chunk() { body += chunk }
        } else {
            guard let length = headers["content-length"].flatMap({ Int($0) }) else { throw Silence() }
            while received.count < length { try receive() }
            body = Array(received[..<length])
            received.removeFirst(length)
        }
        return Answer(status: status, headers: headers, body: body)
    }

    /// Reads the status and the headers of an answer.
    public func head() throws -> (status: Int, headers: [String: String]) {
        let lines = try String(decoding: take(to: "\r\n\r\n"), as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces)
        }
        let words = lines[0].split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw Silence() }
        return (status, headers)
    }

    /// Reads the next event of a stream whose head was read; nil at its end.
    public func event() throws -> (name: String, data: [UInt8])? {
        while true {
            if let end = events.firstRange(of: Array("\n\n".utf8)) {
                let lines = String(decoding: events[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\n")
                events.removeFirst(end.upperBound)
                guard let name = lines.first(where: { $0.hasPrefix("event: ") }) else { continue }
                let data = lines.filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }.joined(separator: "\n")
                return (String(name.dropFirst(7)), Array(data.utf8))
            }
            guard let chunk = try chunk() else { return nil }
            events += chunk
        }
    }

    private func chunk() throws -> [UInt8]? {
        let line = try String(decoding: take(to: "\r\n"), as: UTF8.self)
        guard let size = Int(line, radix: 16) else { throw Silence() }
        while received.count < size + 2 { try receive() }
        let chunk = Array(received[..<size])
        received.removeFirst(size + 2)
        return size == 0 ? nil : chunk
    }

    private func take(to mark: String) throws -> [UInt8] {
        while true {
            if let end = received.firstRange(of: Array(mark.utf8)) {
                defer { received.removeFirst(end.upperBound) }
                return Array(received[..<end.lowerBound])
            }
            try receive()
        }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw Silence() }
        received += buffer[..<count]
    }
}
