import Diagnostics
import Glibc
import Testing

@testable import Messaging

@Suite(.timeLimit(.minutes(5))) struct HostilePeerTests {
    @Test(arguments: [false, true]) func `Random bytes on its port leave a router working`(_ encrypted: Bool) throws {
        let context = try Context()
        let keys = try CurveKeyPair.generate()
        let handler = try ZapHandler(in: context, admitting: [keys.publicKey])
        var router = try Socket(.router, in: context)
        router.limits = MessageLimits(parts: 4, bytes: 1000)
        try router.setMaximumFrame(bytes: 1000)
        try router.setHandshakeTimeout(.seconds(1))
        if encrypted { try router.secureAsServer(with: keys, admittedBy: handler) }
        let endpoint = try bound(router)
        guard case .tcp(_, let port?) = endpoint.transport else { return }

        var generator = SplitMix(state: 7)
        for round in 0..<300 {
            let descriptor = try connection(to: port)
            defer { close(descriptor) }
            var bytes = Self.opening(round % 4)
            for _ in 0..<(generator.next() % 400) { bytes.append(UInt8(truncatingIfNeeded: generator.next())) }
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            while case .message(let parts)? = try router.receive() { #expect(parts.count <= 4) }
        }

        let dealer = try Socket(.dealer, in: context)
        if encrypted { try dealer.secureAsClient(with: keys, to: keys.publicKey) }
        try dealer.connect(to: endpoint)
        try send(["still there?"], on: dealer)
        let deadline = ContinuousClock.now + patience
        var answered = false
        while !answered && ContinuousClock.now < deadline {
            guard case .message(let parts)? = try router.receive(within: patience) else { continue }
            answered = parts.last?.bytes == Array("still there?".utf8)
        }
        #expect(answered)
        #expect(handler.isAlive)
    }

    /// Nothing, or the beginning of a conversation in ZMTP 3.0 or 3.1, so that the noise gets further.
    private static func opening(_ kind: Int) -> [UInt8] {
        guard kind > 0 else { return [] }
        let mechanism = Array((kind == 3 ? "CURVE" : "NULL").utf8)
        let greeting =
            [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, kind == 2 ? 1 : 0] + mechanism
            + [UInt8](repeating: 0, count: 20 - mechanism.count + 32)
        guard kind < 3 else { return greeting }
        let ready = [5] + Array("READY".utf8) + [11] + Array("Socket-Type".utf8) + [0, 0, 0, 6] + Array("DEALER".utf8)
        return greeting + [4, UInt8(ready.count)] + ready
    }

    private func connection(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        return descriptor
    }
}
