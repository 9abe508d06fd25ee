import Diagnostics
import Glibc
import Platform

/// Has the kernel kill this process when its parent dies.
///
/// Call it first thing, on the main thread: the kernel keeps the wish with the calling thread, and grants it when the
/// parent's *thread* that started this process ends.
///
/// - Parameter expectedParent: the process identifier of the parent, as the parent itself stated it.
/// - Throws: `Failure` (workers) when the parent has died already.
public func dieWithParent(expectedParent: pid_t) throws {
    let result = platform_die_with_parent(expectedParent)
    guard result != -ESRCH else {
        throw Failure(
            .workers, "cannot work for process \(expectedParent)", because: "it is not, or no longer, the parent",
            remedy: "let the coordinator start this worker")
    }
    _ = try SystemError.check(result, "cannot tie this process to its parent")
}

/// Reads the secret that the parent hands over, to the end of standard input, and then closes it.
///
/// - Parameters:
///   - maximum: bytes accepted.
///   - duration: how long to wait for the end.
///   - descriptor: where to read; `/dev/null` takes its place afterwards.
/// - Returns: the bytes.
/// - Throws: `Failure` (workers) when there are too many, or the end does not come in time.
public func readSecret(maximum: Int = 4096, within duration: Duration, from descriptor: Int32 = 0) throws -> [UInt8] {
    func refused(_ cause: String) -> Failure {
        Failure(
            .workers, "cannot read the secret from standard input", because: cause,
            remedy: "let the coordinator start this worker")
    }
    let deadline = ContinuousClock.now.advanced(by: duration)
    var secret: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while true {
        guard try Descriptor.waitReadable([descriptor], until: deadline) else {
            throw refused("it does not end in time")
        }
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
        guard count >= 0 else { throw refused(SystemError.last.text) }
        if count == 0 { break }
        guard count <= maximum - secret.count else { throw refused("it is longer than \(maximum) bytes") }
        secret.append(contentsOf: buffer[..<count])
    }
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard null >= 0 else { throw SystemError.last.failure("cannot open a file", at: "/dev/null") }
    defer { close(null) }
    guard dup2(null, descriptor) >= 0 else { throw SystemError.last.failure("cannot close standard input") }
    return secret
}
