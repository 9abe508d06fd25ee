import Diagnostics
import Testing

@testable import Messaging

/// The longest that any test waits for something that should happen.
let patience = Duration.seconds(10)
/// How long a test waits to see that something does not happen.
let moment = Duration.milliseconds(150)

/// Binds a socket and returns where.
func bound(_ socket: borrowing Socket, _ endpoint: Endpoint = .loopback) throws -> Endpoint {
    try socket.bind(to: endpoint)
    return try socket.lastEndpoint
}

/// Receives a message as strings; fails the test when none comes or a limit was exceeded.
func texts(_ socket: borrowing Socket, within duration: Duration = patience) throws -> [String] {
    try parts(socket, within: duration).map { String(decoding: $0.bytes, as: UTF8.self) }
}

/// Receives a message; fails the test when none comes or a limit was exceeded.
func parts(_ socket: borrowing Socket, within duration: Duration = patience) throws -> [Frame] {
    let delivery = try #require(try socket.receive(within: duration))
    guard case .message(let parts) = delivery else {
        Issue.record("a limit was exceeded")
        return []
    }
    return parts
}

/// Sends strings and expects them to be queued.
func send(_ strings: [String], on socket: borrowing Socket) throws {
    let outcome = try socket.send(strings.map { try Frame($0) }, within: patience)
    #expect(outcome == .sent)
}
