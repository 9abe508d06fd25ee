import Diagnostics
import Glibc

/// A bound socket, at which a browser may connect once there is a server.
public final class DashboardListener {
    /// Where it was bound, with the port that was chosen.
    let address: DashboardAddress
    private var descriptor: Int32

    /// Binds a socket.
    ///
    /// - Throws: `Failure(.workers)` if the address is in use.
    public init(_ wanted: DashboardAddress) throws {
        let family = wanted.isIPv6 ? AF_INET6 : AF_INET
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(family, kind, 0)
        var port: UInt16 = 0
        do {
            guard descriptor >= 0 else { throw Self.failure(wanted) }
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            port = try wanted.isIPv6 ? Self.bindIPv6(descriptor, wanted) : Self.bindIPv4(descriptor, wanted)
        } catch {
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw error
        }
        address = wanted.with(port: port)
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Where a browser finds it.
    public var url: String { "http://\(address.host):\(address.port)/" }

    /// The port that was chosen.
    public var port: UInt16 { address.port }

    /// Hands the socket over to whoever will close it.
    func release() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    private static func bindIPv4(_ descriptor: Int32, _ wanted: DashboardAddress) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.port.bigEndian
        inet_pton(AF_INET, wanted.address, &address.sin_addr)
        try listen(descriptor, &address, wanted)
        return UInt16(bigEndian: address.sin_port)
    }

    private static func bindIPv6(_ descriptor: Int32, _ wanted: DashboardAddress) throws -> UInt16 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = wanted.port.bigEndian
        inet_pton(AF_INET6, wanted.address, &address.sin6_addr)
        try listen(descriptor, &address, wanted)
        return UInt16(bigEndian: address.sin6_port)
    }

    /// Binds to an address, which then says what was chosen.
    private static func listen<Address>(
        _ descriptor: Int32, _ address: inout Address, _ wanted: DashboardAddress
    ) throws {
        var size = socklen_t(MemoryLayout<Address>.size)
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(descriptor, start, size) == 0 && Glibc.listen(descriptor, 64) == 0
                && getsockname(descriptor, start, &size) == 0
        }
        guard isListening else { throw failure(wanted) }
    }

    private static func failure(_ wanted: DashboardAddress) -> Failure {
        Failure(
            .workers, "cannot show pictures", at: "\(wanted.host):\(wanted.port)",
            because: String(cString: strerror(errno)).lowercased(),
            remedy: "take another port, or 0 for any that is free")
    }
}
