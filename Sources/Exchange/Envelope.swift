import Diagnostics
import Messaging

/// A message as it travels: a header, a body, and perhaps numbers.
struct Envelope {
    let header: WireHeader
    let kind: MessageKind
    private let frames: [Frame]

    /// Reads the header of a message and checks that the rest is as long as it says.
    ///
    /// - Throws: `Failure` that says what is malformed.
    init(_ frames: [Frame]) throws {
        guard let first = frames.first else {
            throw Failure(.workers, "malformed message", because: "it is empty")
        }
        header = try WireHeader.decode(first)
        guard let kind = MessageKind(rawValue: header.kind) else {
            throw Failure(.workers, "malformed message", because: "nobody knows kind \(header.kind)")
        }
        self.kind = kind
        self.frames = frames
        let length = frames.dropFirst().reduce(0) { $0 + UInt64($1.count) }
        guard length == header.payloadLength, frames.count <= 3 else {
            throw Failure(.workers, "malformed message", because: "its length is not the one in its header")
        }
    }

    /// The frame with the fields of the message.
    var body: Frame {
        get throws {
            guard frames.count > 1 else { throw Failure(.workers, "malformed message", because: "its body is missing") }
            return frames[1]
        }
    }

    /// The frame with numbers; nil if there is none.
    var numbers: Frame? { frames.count > 2 ? frames[2] : nil }

    /// The run of shards in the header; never empty.
    var shards: Range<Int> {
        get throws {
            guard (1...1 << 24).contains(header.shardCount) else {
                throw Failure(.workers, "malformed message", because: "\(header.shardCount) shards")
            }
            return Int(header.shardStart)..<Int(header.shardStart) + Int(header.shardCount)
        }
    }

    /// The frames of a message to be sent.
    static func frames(
        _ kind: MessageKind, epoch: UInt32 = 0, step: UInt64 = 0, shards: Range<Int>? = nil, body: Frame? = nil,
        numbers: Frame? = nil
    ) throws -> [Frame] {
        let header = WireHeader(
            kind: kind.rawValue, step: step, epoch: epoch, shardStart: UInt32(shards?.lowerBound ?? 0),
            shardCount: UInt32(shards?.count ?? 0), payloadLength: UInt64((body?.count ?? 0) + (numbers?.count ?? 0)))
        return [try header.frame()] + [body, numbers].compactMap { $0 }
    }
}
