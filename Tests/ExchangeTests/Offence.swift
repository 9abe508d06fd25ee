import Testing

@testable import Exchange
@testable import Messaging

/// A way in which a peer may break the protocol, and what it is to be told.
struct Offence: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// What the refusal must contain.
    let told: [String]
    /// Commits it.
    let commit: @Sendable (Peer) throws -> Void

    init(_ description: String, told: String..., commit: @escaping @Sendable (Peer) throws -> Void) {
        testDescription = description
        self.told = told
        self.commit = commit
    }

    /// Offences of those who are not admitted.
    static let byStrangers = [
        Offence("another protocol version", told: "version 2", "version 1") { try $0.hello(protocolVersion: 2) },
        Offence("another build", told: "9.9.9", version) { try $0.hello(version: "9.9.9") },
        Offence("another architecture", told: "pdp11", Machine.architecture) { try $0.hello(architecture: "pdp11") },
        Offence("a wrong secret", told: "secret") { try $0.hello(secret: [UInt8](repeating: 0, count: 32)) },
        Offence("a secret too short", told: "secret") { try $0.hello(secret: []) },
        Offence("nothing", told: "0 bytes") { try $0.send(raw: [[]]) },
        Offence("a short header", told: "10 bytes instead of 64") {
            try $0.send(raw: [[UInt8](repeating: 7, count: 10)])
        },
        Offence("a long header", told: "65 bytes instead of 64") {
            try $0.send(raw: [[UInt8](repeating: 7, count: 65)])
        },
        Offence("another protocol", told: "does not speak") { try $0.send(raw: [[UInt8](repeating: 7, count: 64)]) },
        Offence("an unknown kind", told: "kind 999") { try $0.send(kind: 999) },
        Offence("a hello without a body", told: "body is missing") { try $0.send(kind: 1) },
        Offence("half a hello", told: "malformed") {
            try $0.send(kind: 1, body: Array(Peer.greeting(version, "x", secretBytes).dropLast(7)))
        },
        Offence("a hello and a byte", told: "malformed") {
            try $0.send(kind: 1, body: Peer.greeting(version, "x", secretBytes) + [0])
        },
        Offence("a string of four billion bytes", told: "malformed") {
            try $0.send(kind: 1, body: [255, 255, 255, 255])
        },
        Offence("a wrong length in the header", told: "length") {
            try $0.send(kind: 1, payloadLength: 3, body: Peer.greeting(version, "x", secretBytes))
        },
        Offence("a length that overflows", told: "length") { try $0.send(kind: 1, payloadLength: .max) },
        Offence("too many frames", told: "limits") { try $0.send(raw: [[1], [2], [3], [4], [5], [6]]) },
        Offence("an answer without being admitted", told: "worker of this run") { try $0.send(kind: 4, body: [1]) },
    ]

    /// Offences of those who are.
    static let byMembers = [
        Offence("ready with another number of parameters", told: "7 parameters instead of 3") {
            try $0.join()
            try $0.send(kind: 2, step: 7)
        },
        Offence("ready twice", told: "prepared") {
            _ = try $0.joinAndTakeWork(parameters: 3)
            try $0.send(kind: 2, step: 3)
        },
        Offence("a request for data beyond the end", told: "beyond the end") {
            try $0.join()
            try $0.send(kind: 3, step: 1 << 40)
        },
        Offence("a request for data at the largest offset", told: "beyond the end") {
            try $0.join()
            try $0.send(kind: 3, step: .max)
        },
        Offence("a word of the coordinator's", told: "does not say work") {
            try $0.join()
            try $0.send(kind: 20)
        },
        Offence("a gradient too short", told: "numbers were expected") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), numbers: 2)
        },
        Offence("a gradient too long", told: "numbers were expected") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), numbers: 1_000_000)
        },
        Offence("no gradient", told: "does not fit") { try $0.answer($0.joinAndTakeWork(parameters: 3), numbers: nil) },
        Offence("no terms", told: "does not fit") { try $0.answer($0.joinAndTakeWork(parameters: 3), terms: 0) },
        Offence("terms below zero", told: "impossible counts") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), terms: -1)
        },
        Offence("terms that overflow", told: "impossible counts") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), terms: .max)
        },
        Offence("more right than there are", told: "impossible counts") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), terms: 4, correct: 5)
        },
        Offence("a mistake out of range", told: "impossible counts") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), mistake: .max)
        },
        Offence("a time that is no number", told: "impossible counts") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), seconds: .nan)
        },
        Offence("no shards", told: "0 shards") { try $0.answer($0.joinAndTakeWork(parameters: 3), shards: (0, 0)) },
        Offence("shards that overflow", told: "overflows") {
            try $0.answer($0.joinAndTakeWork(parameters: 3), shards: (.max, 2))
        },
        Offence("too many frames from a member", told: "limits") {
            try $0.join()
            try $0.send(raw: [[1], [2], [3], [4], [5], [6]])
        },
        Offence("an unknown kind from a member", told: "kind 77") {
            try $0.join()
            try $0.send(kind: 77)
        },
    ]
}
