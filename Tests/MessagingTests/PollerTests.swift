import Diagnostics
import Glibc
import Testing

@testable import Messaging

@Suite(.timeLimit(.minutes(5))) struct PollerTests {
    @Test func `It tells a ready socket from an idle one, and sees file descriptors`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let idle = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(to: try bound(router))
        _ = try bound(idle)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }

        var poller = Poller()
        let quiet = poller.add(idle)
        let busy = poller.add(router)
        let descriptor = poller.add(descriptor: ends[0])
        #expect(try poller.wait(within: .zero) == 0)
        #expect(try poller.wait(within: .milliseconds(20)) == 0)
        #expect(poller.ready.isEmpty)

        try send(["hello"], on: dealer)
        #expect(try poller.wait(within: patience) == 1)
        #expect(poller.readiness(of: busy) == .readable)
        #expect(poller.readiness(of: quiet) == [])
        #expect(poller.readiness(of: descriptor) == [])

        #expect(write(ends[1], "x", 1) == 1)
        #expect(try poller.wait(within: patience) == 2)
        #expect(poller.ready == [busy, descriptor])

        poller.remove(quiet)
        poller.change(busy, to: [])
        #expect(try poller.wait(within: patience) == 1)
        #expect(poller.ready == [descriptor])
    }

    @Test func `A socket is kept open until it is removed`() throws {
        let context = try Context()
        var poller = Poller()
        let token = poller.add(try Socket(.dealer, in: context), for: .writable)
        #expect(try poller.wait(within: .zero) == 0)
        poller.remove(token)
        #expect(try poller.wait(within: .zero) == 0)
    }
}
