import Launching
import Testing

@Suite struct LineTailTests {
    @Test func `Only the last lines are kept, and the unfinished one counts`() {
        var tail = LineTail(capacity: 2)
        #expect(tail.lines.isEmpty)
        #expect(tail.last == nil)
        #expect(tail.append(Array("a\nb\nc".utf8)) == ["a", "b"])
        #expect(tail.lines == ["b", "c"])
        #expect(tail.append(Array("d\n\n".utf8)) == ["cd", ""])
        #expect(tail.lines == ["cd", ""])
        #expect(tail.last == "cd")
        #expect(tail.finish() == nil)
        tail.append(Array("end".utf8))
        #expect(tail.finish() == "end")
        #expect(tail.lines == ["", "end"])
    }

    @Test func `Long lines are cut, control characters and broken text made harmless`() {
        var tail = LineTail(lineLimit: 4)
        tail.append(Array("123456789\nab\r\n\u{1B}[1m\n".utf8))
        tail.append([0xFF, 10])
        #expect(tail.lines == ["1234", "ab", " [1m", "\u{FFFD}"])
    }
}
