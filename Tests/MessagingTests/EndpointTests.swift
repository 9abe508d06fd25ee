import Diagnostics
import Testing

@testable import Messaging

@Suite struct EndpointTests {
    @Test(arguments: [
        ("tcp://127.0.0.1:*", true), ("tcp://127.0.0.1:5571", true), ("tcp://localhost:5571", true),
        ("tcp://[::1]:5571", true), ("ipc://@name", true), ("ipc:///run/lockstep", true), ("inproc://x", true),
        ("tcp://*:5571", false), ("tcp://0.0.0.0:5571", false), ("tcp://host.example:5571", false),
        ("tcp://127.evil.example.com:5571", false), ("tcp://[fe80::1%eth0]:5571", false), ("tcp://128.0.0.1:1", false),
        ("tcp://127.0.0.1.example:1", false), ("tcp://127..0.1:1", false),
    ]) func `A valid address is read, and whether it is local`(_ text: String, _ isLocal: Bool) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.description == text)
        #expect(endpoint.isLocal == isLocal)
    }

    @Test(arguments: [
        "", "127.0.0.1:5571", "udp://host:1", "tcp://", "tcp://host", "tcp://:5571", "tcp://host:", "tcp://host:0",
        "tcp://host:65536", "tcp://host:-1", "tcp://host:+5", "tcp://host:5 571", "tcp://::1:5571", "tcp://[]:1",
        "tcp://eth0;host:1", "ipc://", "ipc://@", "ipc://" + String(repeating: "x", count: 108), "inproc://",
        "tcp://h\u{e9}:1", "tcp://a\nb:1", "tcp://" + String(repeating: "x", count: 600) + ":1",
    ]) func `A malformed address is refused`(_ text: String) {
        let failure = #expect(throws: Failure.self) { try Endpoint(text) }
        #expect(failure?.category == .usage)
        #expect(failure?.cause != nil)
    }

    @Test func `Made-up names differ`() {
        #expect(Endpoint.uniqueLocal() != Endpoint.uniqueLocal())
    }
}
