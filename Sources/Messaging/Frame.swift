import CZeroMQ
import Diagnostics

/// One part of a message: bytes that libzmq owns, or borrows.
///
/// The bytes do not change once the frame exists, so one frame may be sent any number of times, to any number of
/// peers: libzmq counts references and copies nothing above 33 bytes. A frame belongs to one thread.
public final class Frame {
    /// The message; at a fixed address, because short contents lie inside it.
    let message: UnsafeMutablePointer<zmq_msg_t>

    /// Creates an empty frame.
    public init() {
        message = .allocate(capacity: 1)
        zmq_msg_init(message)
    }

    private init(adopting message: UnsafeMutablePointer<zmq_msg_t>) {
        self.message = message
    }

    /// Creates a frame of `count` bytes and lets the closure fill it in place.
    ///
    /// - Parameters:
    ///   - count: bytes.
    ///   - fill: writes all of them; they are not cleared before.
    /// - Throws: `Failure` when there is no memory, or what `fill` throws.
    public convenience init(count: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        precondition(count >= 0)
        let message = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)
        guard zmq_msg_init_size(message, count) == 0 else {
            let error = ZeroMQError.last
            message.deallocate()
            throw error.failure("cannot allocate a message of \(count) bytes")
        }
        self.init(adopting: message)
        try fill(UnsafeMutableRawBufferPointer(start: zmq_msg_data(message), count: count))
    }

    /// Creates a frame with a copy of some bytes.
    ///
    /// - Throws: `Failure` when there is no memory.
    public convenience init(copying bytes: UnsafeRawBufferPointer) throws {
        try self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// Creates a frame with a copy of some bytes.
    ///
    /// - Throws: `Failure` when there is no memory.
    public convenience init(copying bytes: [UInt8]) throws {
        try self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// Creates a frame with the UTF-8 of a string.
    ///
    /// - Throws: `Failure` when there is no memory.
    public convenience init(_ string: String) throws {
        try self.init(copying: Array(string.utf8))
    }

    /// Creates a frame over memory that somebody else owns, without copying it.
    ///
    /// - Parameters:
    ///   - memory: stays valid and unchanged until `release` runs.
    ///   - release: runs exactly once, when the frame and everything sent of it are done with the memory; possibly
    ///     on libzmq's I/O thread. It runs too when this initialiser throws.
    /// - Throws: `Failure` when there is no memory.
    public convenience init(
        borrowing memory: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void
    ) throws {
        let message = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)
        let hint = Unmanaged.passRetained(ReleaseCallback(release)).toOpaque()
        let status = zmq_msg_init_data(
            message, UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count,
            { _, hint in
                guard let hint else { return }
                Unmanaged<ReleaseCallback>.fromOpaque(hint).takeRetainedValue().run()
            }, hint)
        guard status == 0 else {
            let error = ZeroMQError.last
            message.deallocate()
            Unmanaged<ReleaseCallback>.fromOpaque(hint).takeRetainedValue().run()
            throw error.failure("cannot wrap \(memory.count) bytes as a message")
        }
        self.init(adopting: message)
    }

    /// The number of bytes.
    public var count: Int { zmq_msg_size(message) }

    /// Whether the frame has no bytes.
    public var isEmpty: Bool { count == 0 }

    /// Calls the closure with the bytes, in place; they are valid only within it.
    public func withBytes<Result, Problem: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        try body(UnsafeRawBufferPointer(start: zmq_msg_data(message), count: count))
    }

    /// A copy of the bytes.
    public var bytes: [UInt8] { withBytes { [UInt8]($0) } }

    /// The name under which the authentication handler admitted the sender; nil on a connection without one.
    ///
    /// Read it from a payload frame: a router's identity frame may lack it.
    public var userID: String? {
        guard let value = zmq_msg_gets(message, "User-Id") else { return nil }
        return String(cString: value)
    }

    deinit {
        zmq_msg_close(message)
        message.deallocate()
    }
}

/// The closure that tells the owner of borrowed memory that it is free again.
private final class ReleaseCallback: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}
