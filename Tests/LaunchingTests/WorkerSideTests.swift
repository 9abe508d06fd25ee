import Diagnostics
import Glibc
import Testing

@testable import Launching

@Suite(.timeLimit(.minutes(5))) struct WorkerSideTests {
    @Test(arguments: [0, 1, 4096]) func `A secret is read to its end, once`(_ count: Int) throws {
        let secret = [UInt8](repeating: 7, count: count)
        let ends = try filled(secret)
        close(ends[1])
        defer { close(ends[0]) }
        #expect(try readSecret(within: patience, from: ends[0]) == secret)
        #expect(try readSecret(within: patience, from: ends[0]).isEmpty)
    }

    @Test func `A secret that is too long or does not end is refused`() throws {
        let long = try filled([1, 2, 3])
        close(long[1])
        defer { close(long[0]) }
        let tooLong = #expect(throws: Failure.self) { try readSecret(maximum: 2, within: patience, from: long[0]) }
        #expect(tooLong?.cause == "it is longer than 2 bytes")
        let open = try filled([1])
        defer { for end in open { close(end) } }
        let late = #expect(throws: Failure.self) { try readSecret(within: .milliseconds(20), from: open[0]) }
        #expect(late?.cause == "it does not end in time")
    }

    private func filled(_ bytes: [UInt8]) throws -> [Int32] {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        try #require(write(ends[1], bytes, bytes.count) == bytes.count)
        return ends
    }
}
