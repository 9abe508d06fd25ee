import Diagnostics
import Glibc
import Platform

/// A process that this one started, and will not leave behind.
///
/// It runs in a process group of its own, so that the terminal's Ctrl-C reaches only the parent, with the default
/// signal actions and without the parent's open files. Its standard error is captured: poll `errorDescriptor` and call
/// `drainErrors`, or the child blocks once the pipe is full. Belongs to one thread. Letting go of it kills the child
/// and whatever is left of its group.
///
/// A child that asked to die with its parent (`dieWithParent`) dies when the *thread* that created this object ends:
/// start children on a thread that lives as long as they should.
public final class ChildProcess {
    /// Where the child's standard output goes.
    public enum Output: Hashable, Sendable {
        /// Nowhere.
        case discarded
        /// Into its standard error, which is captured.
        case joined
    }

    /// What is to be started.
    public struct Command: Sendable {
        /// The path of the program; it is not looked up in `PATH`.
        public var executable: String
        /// The arguments, without the program's name; everyone on the machine can see them.
        public var arguments: [String]
        /// Variables set in addition to the parent's environment.
        public var environment: [String: String]
        /// What the child reads from its standard input, which then ends; at most 4096 bytes.
        public var secret: [UInt8]
        /// Descriptors that the child gets as 3, 4, … in this order; they stay open here.
        public var inherited: [Int32]
        /// Where standard output goes.
        public var output: Output

        /// Describes what is to be started.
        public init(
            _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
            secret: [UInt8] = [], inherited: [Int32] = [], output: Output = .discarded
        ) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
            self.secret = secret
            self.inherited = inherited
            self.output = output
        }
    }

    /// The process identifier; it stays the child's until the child is reaped.
    public let identifier: pid_t
    /// The last lines of what the child wrote to standard error.
    public private(set) var errors: LineTail
    /// How the child ended; nil until it was reaped.
    public private(set) var status: ExitStatus?
    private let process: Descriptor
    private let errorPipe: Descriptor
    private let onErrorLine: ((String) -> Void)?
    private var errorsEnded = false

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - command: what to start.
    ///   - errors: an empty tail that sets how much of standard error is kept.
    ///   - onErrorLine: is called with each line of standard error, by `drainErrors`.
    /// - Throws: `Failure` (workers) when it cannot be started.
    public init(
        _ command: Command, errors: LineTail = LineTail(), onErrorLine: ((String) -> Void)? = nil
    ) throws {
        let input = try Self.filledPipe(command.secret)
        let pipe = try Descriptor.pipe()
        try pipe.readEnd.setNonBlocking()
        identifier = try spawn(command, input: input, errors: pipe.writeEnd)
        let descriptor = platform_open_pidfd(identifier)
        guard descriptor >= 0 else {
            kill(-identifier, SIGKILL)
            _ = Self.wait(for: identifier, options: 0)
            throw SystemError(code: -descriptor).failure(
                "cannot watch a process", at: command.executable, remedy: "use Linux 5.4 or newer")
        }
        process = Descriptor(owning: descriptor)
        errorPipe = pipe.readEnd
        self.errors = errors
        self.onErrorLine = onErrorLine
    }

    /// Becomes readable when the child has exited; poll it, then call `reap`.
    public var exitDescriptor: Int32 { process.number }

    /// Becomes readable when there is standard error to drain.
    ///
    /// Once that has ended it is hung up: call `drainErrors` on any readiness, and stop polling when it returns false.
    public var errorDescriptor: Int32 { errorPipe.number }

    /// Reads what the child wrote to standard error, without waiting.
    ///
    /// - Returns: false once there will never be more; then stop polling `errorDescriptor`.
    @discardableResult public func drainErrors() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // At most a pipe's content, so that a child that never stops writing does not hold up the caller.
        for _ in 0..<16 where !errorsEnded {
            let count = read(errorPipe.number, &buffer, buffer.count)
            if count > 0 {
                for line in errors.append(buffer[..<count]) { onErrorLine?(line) }
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                errorsEnded = true
                if let line = errors.finish() { onErrorLine?(line) }
            } else if errno == EAGAIN {
                break
            }
        }
        return !errorsEnded
    }

    /// Collects the child's status if it has exited, without waiting.
    ///
    /// - Returns: how it ended; nil while it runs. The same again when called again.
    public func reap() -> ExitStatus? {
        if status == nil {
            status = Self.wait(for: identifier, options: WNOHANG)
            if status != nil { drainErrors() }
        }
        return status
    }

    /// Waits for the child to exit, draining its standard error.
    ///
    /// - Returns: how it ended; nil when the time is up.
    /// - Throws: `Failure` when the system cannot wait.
    public func wait(within duration: Duration) throws -> ExitStatus? {
        let deadline = ContinuousClock.now.advanced(by: duration)
        while true {
            if let status = reap() { return status }
            if try !awaitEvent(until: deadline) { return reap() }
        }
    }

    /// Sends a signal to the child and its group; without effect once it was reaped.
    public func send(signal: Int32) {
        // Until the child is reaped, nobody else can have its identifier.
        guard status == nil else { return }
        kill(-identifier, signal)
    }

    /// Asks the child to end, and kills it and its group when it does not do so in time.
    ///
    /// - Parameter grace: how long it may take over ending by itself.
    /// - Returns: how it ended.
    /// - Throws: `Failure` when it cannot be killed either, as when it hangs in the kernel; after ten seconds.
    @discardableResult public func terminate(grace: Duration) throws -> ExitStatus {
        send(signal: SIGTERM)
        return try finish(within: grace)
    }

    /// Waits, then kills what is left of the child and its group.
    func finish(within grace: Duration) throws -> ExitStatus {
        if let status { return status }
        let deadline = ContinuousClock.now.advanced(by: grace)
        while try !hasExited && awaitEvent(until: deadline) {}
        send(signal: SIGKILL)
        guard let status = try wait(within: .seconds(10)) else {
            throw Failure(
                .workers, "cannot end a process", at: "process \(identifier)", because: "it does not react to SIGKILL")
        }
        return status
    }

    /// Waits until the child has exited or written to standard error, and drains that.
    ///
    /// A child blocked on a full pipe does not exit, so that both are watched.
    private func awaitEvent(until deadline: ContinuousClock.Instant) throws -> Bool {
        let watched = errorsEnded ? [process.number] : [process.number, errorPipe.number]
        guard try Descriptor.waitReadable(watched, until: deadline) else { return false }
        drainErrors()
        return true
    }

    /// Whether the child has exited, though it may not have been reaped yet.
    private var hasExited: Bool {
        get throws { try Descriptor.waitReadable([process.number], until: ContinuousClock.now) }
    }

    /// A pipe that holds the secret, and ends after it.
    private static func filledPipe(_ secret: [UInt8]) throws -> Descriptor {
        precondition(secret.count <= 4096, "a secret has at most 4096 bytes, which every pipe holds")
        let pipe = try Descriptor.pipe()
        var written = 0
        while written < secret.count {
            let count = secret[written...].withUnsafeBytes { write(pipe.writeEnd.number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError.last.failure("cannot hand over a secret") }
            written += count
        }
        return pipe.readEnd
    }

    private static func wait(for identifier: pid_t, options: Int32) -> ExitStatus? {
        var status: Int32 = 0
        while true {
            let result = waitpid(identifier, &status, options)
            if result == identifier { return ExitStatus(waitStatus: status) }
            if result == 0 { return nil }
            if errno != EINTR { return .unknown }
        }
    }

    deinit {
        guard status == nil else { return }
        kill(-identifier, SIGKILL)
        // A process that hangs in the kernel is left to the system.
        _ = try? Descriptor.waitReadable([process.number], until: ContinuousClock.now.advanced(by: .seconds(10)))
        _ = Self.wait(for: identifier, options: WNOHANG)
    }
}
