import Diagnostics
import Glibc

/// An address of this machine alone, and a port.
public struct DashboardAddress: Sendable, Equatable {
    /// The port that is taken where none was named.
    public static let defaultPort: UInt16 = 5572

    /// The address in its numbers.
    let address: String
    /// The port; 0 for any that is free.
    public let port: UInt16

    /// This machine at a port.
    public init(port: UInt16) { self.init(address: "127.0.0.1", port: port) }

    private init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// The same address at another port.
    func with(port: UInt16) -> DashboardAddress { DashboardAddress(address: address, port: port) }

    /// Reads `127.0.0.1:5572`, `localhost:0` or `[::1]:5572`.
    ///
    /// - Throws: `Failure(.usage)` if it is malformed, or others could reach it.
    public init(_ text: String) throws {
        let place = "--dashboard \(text)"
        guard let colon = text.lastIndex(of: ":") else { throw Self.malformed(place) }
        let digits = text[text.index(after: colon)...]
        var name = String(text[..<colon])
        if name.hasPrefix("["), name.hasSuffix("]") {
            name = String(name.dropFirst().dropLast())
            guard name.contains(":") else { throw Self.malformed(place) }
        } else if name.contains(":") {
            throw Self.malformed(place)
        }
        guard !name.isEmpty, !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let port = UInt16(digits)
        else { throw Self.malformed(place) }
        guard let address = Self.loopback(name) else {
            throw Failure(
                .usage, "cannot show pictures", at: place, because: "only this machine may look, as at 127.0.0.1",
                remedy: "from elsewhere use a tunnel: ssh -L \(port == 0 ? Self.defaultPort : port):127.0.0.1:"
                    + "\(port == 0 ? Self.defaultPort : port) HOST")
        }
        self.address = address
        self.port = port
    }

    var isIPv6: Bool { address.contains(":") }

    /// The address as it stands in a URL.
    var host: String { isIPv6 ? "[\(address)]" : address }

    private static func malformed(_ place: String) -> Failure {
        Failure(.usage, "wrong value", at: place, because: "expected an address and a port, as in 127.0.0.1:5572")
    }

    /// The numbers of a loopback address; nil if it is none.
    private static func loopback(_ name: String) -> String? {
        if name.lowercased() == "localhost" { return "127.0.0.1" }
        var four = in_addr()
        if inet_pton(AF_INET, name, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 ? name : nil }
        var six = in6_addr()
        guard inet_pton(AF_INET6, name, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        return bytes == Array(repeating: 0, count: 15) + [1] ? "::1" : nil
    }
}
