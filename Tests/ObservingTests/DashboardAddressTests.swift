import Diagnostics
import Testing

@testable import Observing

@Suite struct DashboardAddressTests {
    @Test(arguments: [
        ("127.0.0.1:5572", "127.0.0.1", 5572), ("localhost:0", "127.0.0.1", 0), ("LOCALHOST:1", "127.0.0.1", 1),
        ("127.8.8.8:65535", "127.8.8.8", 65535), ("[::1]:80", "[::1]", 80), ("[0:0::1]:80", "[::1]", 80),
    ])
    func thisMachineMayLook(text: String, host: String, port: UInt16) throws {
        let address = try DashboardAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: [
        "0.0.0.0:5572", "192.168.1.1:80", "[::]:80", "[fe80::1]:80", "example.com:80", "[::ffff:7f00:1]:1",
    ])
    func othersMayNot(text: String) throws {
        let failure = try #require(throws: Failure.self) { try DashboardAddress(text) }
        #expect(failure.category == .usage)
        #expect(failure.description.contains("only this machine") && failure.description.contains("ssh -L"))
    }

    @Test(arguments: [
        "", ":", "5572", ":5572", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1: 1", "::1:80", "[]:80", "[127.0.0.1]:80", "[::1]", "[::1:80",
    ])
    func whatIsNoAddressIsRefused(text: String) throws {
        let failure = try #require(throws: Failure.self) { try DashboardAddress(text) }
        #expect(failure.category == .usage)
        #expect(failure.description.contains("127.0.0.1:5572"), "\(failure)")
    }

    @Test func aBusyPortIsAFailureOfTheNetwork() throws {
        let first = try DashboardListener(DashboardAddress(port: 0))
        #expect(first.address.port != 0)
        let failure = try #require(throws: Failure.self) { try DashboardListener(first.address) }
        #expect(failure.category == .workers)
        #expect(failure.description.contains("\(first.address.port)") && failure.description.contains("in use"))
    }
}
