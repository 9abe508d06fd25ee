import Diagnostics
import Synchronization
import Testing

@testable import Messaging

@Suite(.timeLimit(.minutes(5))) struct FrameTests {
    @Test(arguments: [0, 1, 29, 30, 33, 34, 100_000]) func `A frame holds what it was given`(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let frame = try Frame(copying: bytes)
        #expect(frame.count == count)
        #expect(frame.isEmpty == (count == 0))
        #expect(frame.bytes == bytes)
        #expect(try bytes.withUnsafeBytes { try Frame(copying: $0) }.bytes == bytes)
        #expect(frame.userID == nil)
    }

    @Test func `What filling throws comes out`() {
        #expect(throws: Failure(.data, "no")) { try Frame(count: 1000) { _ in throw Failure(.data, "no") } }
    }

    @Test(arguments: [0, 1, 3]) func `Borrowed memory is released exactly once, and not before it was sent`(
        _ peers: Int
    ) throws {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 7)
        let counter = Releases()
        do {
            let context = try Context()
            let router = try Socket(.router, in: context)
            try router.setMandatoryRouting(true)
            let endpoint = try bound(router)
            var frame: Frame? = try Frame(borrowing: UnsafeRawBufferPointer(memory)) { counter.add() }
            for _ in 0..<peers {
                let dealer = try Socket(.dealer, in: context)
                try dealer.connect(to: endpoint)
                try send(["hello"], on: dealer)
                let identity = try parts(router)[0]
                #expect(try router.send([identity, #require(frame)], within: patience) == .sent)
                #expect(counter.count == 0)
                let received = try parts(dealer)[0]
                #expect(received.count == 1 << 20)
                #expect(received.withBytes { $0.allSatisfy { $0 == 7 } })
            }
            frame = nil
        }
        // The context has ended, so its I/O thread holds nothing any more.
        #expect(counter.count == 1)
    }

    @Test(arguments: [Socket.Kind.router, .dealer]) func `A send that fails keeps no hold on the memory`(
        _ kind: Socket.Kind
    ) throws {
        let context = try Context()
        let socket = try Socket(kind, in: context)
        if kind == .router { try socket.setMandatoryRouting(true) }
        let counter = Releases()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 8)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 1)
        var frame: Frame? = try Frame(borrowing: UnsafeRawBufferPointer(memory)) { counter.add() }
        let outcome = try socket.send([#require(frame), Frame("more")], within: .milliseconds(5))
        #expect(outcome == (kind == .router ? .unreachable : .wouldBlock))
        #expect(counter.count == 0)
        frame = nil
        #expect(counter.count == 1)
    }

    @Test func `A frame may be sent twice`() throws {
        let context = try Context()
        let left = try Socket(.pair, in: context)
        let right = try Socket(.pair, in: context)
        try right.connect(to: try bound(left))
        for text in ["short", String(repeating: "long", count: 1000)] {
            let frame = try Frame(text)
            #expect(try right.send([frame, frame], within: patience) == .sent)
            #expect(try right.send([frame], within: patience) == .sent)
            #expect(try texts(left) == [text, text])
            #expect(try texts(left) == [text])
            #expect(frame.count == text.utf8.count)
        }
    }
}

/// Counts releases from any thread.
private final class Releases: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .sequentiallyConsistent) }

    func add() {
        value.add(1, ordering: .sequentiallyConsistent)
    }
}
