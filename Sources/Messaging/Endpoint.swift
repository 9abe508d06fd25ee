import CSodium
import Diagnostics

/// A checked ZeroMQ address, such as `tcp://127.0.0.1:*`, `tcp://[::1]:5571` or `ipc://@name`.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// How messages travel.
    public enum Transport: Hashable, Sendable {
        /// Over TCP.
        ///
        /// The host is a name, an address, an interface, or `*`; the port is nil when the system chooses it.
        case tcp(host: String, port: UInt16?)
        /// Over a Unix socket: a path, or a name that leaves no file when it starts with `@`.
        case ipc(name: String)
        /// Within the process.
        case inproc(name: String)
    }

    /// How messages travel, and where to.
    public let transport: Transport

    /// Reads an address.
    ///
    /// - Throws: `Failure` (usage) that says what is wrong with it.
    public init(_ text: String) throws {
        func problem(_ cause: String) -> Failure {
            Failure(
                .usage, "not an endpoint", at: text.isEmpty ? "(empty)" : text, because: cause,
                remedy: "write tcp://HOST:PORT or ipc://@NAME")
        }
        guard text.utf8.count <= 512, text.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value < 127 }) else {
            throw problem("it is too long, or has a space or a character beyond ASCII")
        }
        if let rest = text.suffix(after: "tcp://") {
            transport = try Self.tcp(rest, problem)
        } else if let rest = text.suffix(after: "ipc://") {
            guard rest != "@", !rest.isEmpty else { throw problem("the name is missing") }
            guard rest.utf8.count <= 107 else { throw problem("the name is longer than 107 bytes") }
            transport = .ipc(name: rest)
        } else if let rest = text.suffix(after: "inproc://") {
            guard !rest.isEmpty, rest.utf8.count <= 255 else { throw problem("the name is missing or too long") }
            transport = .inproc(name: rest)
        } else {
            throw problem("it starts with neither tcp:// nor ipc://")
        }
    }

    /// A TCP port of the loopback interface that the system chooses.
    public static let loopback = Endpoint(.tcp(host: "127.0.0.1", port: nil))

    /// A new abstract Unix socket: it has a random name and leaves no file behind.
    ///
    /// Any user of this machine who guesses the name may connect to it.
    public static func uniqueLocal() -> Endpoint {
        precondition(sodium_init() >= 0, "libsodium has no source of random numbers")
        var bytes = [UInt8](repeating: 0, count: 16)
        randombytes_buf(&bytes, bytes.count)
        let digits = Array("0123456789abcdef")
        let name = String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        return Endpoint(.ipc(name: "@lockstep-" + name))
    }

    /// Whether only this machine can reach it.
    public var isLocal: Bool {
        switch transport {
        case .ipc, .inproc: true
        case .tcp(let host, _): host == "localhost" || host == "[::1]" || Self.isLoopbackIPv4(host)
        }
    }

    /// Whether the host is an IPv6 address, for which the socket has to be told.
    public var needsIPv6: Bool {
        if case .tcp(let host, _) = transport { host.hasPrefix("[") } else { false }
    }

    /// The address as text.
    public var description: String { text(host: { $0 }) }

    /// The address as `bind` wants it: libzmq resolves no names there.
    var bindable: String { text(host: { $0 == "localhost" ? "127.0.0.1" : $0 }) }

    private init(_ transport: Transport) {
        self.transport = transport
    }

    private func text(host rewrite: (String) -> String) -> String {
        switch transport {
        case .tcp(let host, let port): "tcp://\(rewrite(host)):" + (port.map(String.init) ?? "*")
        case .ipc(let name): "ipc://\(name)"
        case .inproc(let name): "inproc://\(name)"
        }
    }

    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let fields = host.split(separator: ".", omittingEmptySubsequences: false)
        return fields.count == 4 && fields[0] == "127" && fields.allSatisfy { UInt8($0) != nil }
    }

    private static func tcp(_ rest: String, _ problem: (String) -> Failure) throws -> Transport {
        guard let colon = rest.lastIndex(of: ":") else { throw problem("the port is missing") }
        let host = String(rest[..<colon])
        let port = String(rest[rest.index(after: colon)...])
        let bracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
        guard bracketed || (!host.isEmpty && !host.contains { ":;/[]@".contains($0) }) else {
            throw problem("the host is missing or malformed")
        }
        if port == "*" { return .tcp(host: host, port: nil) }
        guard let number = UInt16(port), number > 0, port.allSatisfy(\.isNumber) else {
            throw problem("the port is not a number from 1 to 65535")
        }
        return .tcp(host: host, port: number)
    }
}

extension String {
    /// What follows the prefix; nil when the string does not start with it.
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
