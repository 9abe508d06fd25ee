/// Somebody who reads from a feed, whose lock guards it.
final class DashboardReader {
    /// What is read.
    enum Kind {
        /// Events, until the end.
        case events
        /// A single state.
        case state
    }

    let kind: Kind
    let connection: OpaquePointer
    /// The number of the last change it has.
    private(set) var version = Int.min
    /// The bytes that were not taken yet.
    private(set) var rest: ArraySlice<UInt8> = []
    /// Whether its connection is suspended.
    var isParked = false
    /// Whether it waits for a state.
    var wantsState = false

    /// A reader on a connection.
    init(_ kind: Kind, on connection: OpaquePointer) {
        self.kind = kind
        self.connection = connection
        // A page that loses its stream is to come back soon.
        if kind == .events { rest = Array("retry: 500\n\n".utf8)[...] }
    }

    /// Gives it a text, when it has taken the last one.
    func give(_ text: [UInt8], version: Int) {
        rest = text[...]
        self.version = version
    }

    /// Moves bytes into a buffer.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, rest.count)
        rest.prefix(count).withUnsafeBytes { buffer.copyMemory(from: $0) }
        rest = rest.count == count ? [] : rest.dropFirst(count)
        return count
    }
}
