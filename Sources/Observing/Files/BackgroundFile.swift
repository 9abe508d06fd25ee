import Diagnostics
import Glibc
import Platform
import Synchronization
import Threads

/// A file that is written on a thread of its own, so that a slow disk, or a reader that does not read, stops nobody.
///
/// What is appended is on its way a second later at the latest, in chunks. After the first failure the rest is dropped.
/// Thread-safe.
final class BackgroundFile: Sendable {
    /// The bytes after which the thread does not wait for more.
    static let chunk = 1 << 16
    /// The bytes that wait at most; what is beyond is lost, and a failure.
    static let bound = 1 << 24
    /// The longest time bytes wait for more, in milliseconds.
    static let interval: Int32 = 500
    /// How long the end waits for what is not written yet.
    static let patience = Duration.seconds(5)

    /// What both threads touch.
    private struct State {
        var waiting: [UInt8] = []
        var isEnding = false
        var failure: Failure?
        var isFailureNew = false

        mutating func fail(_ failure: Failure) {
            guard self.failure == nil else { return }
            self.failure = failure
            isFailureNew = true
            waiting = []
        }
    }

    private let path: String
    private let what: String
    private let state = Mutex(State())
    /// Rung when there is much to write, or no more to come.
    private let bell: Int32
    /// Rung when the thread has ended.
    private let ended: Int32

    /// Creates the file, or empties it.
    ///
    /// - Parameters:
    ///   - path: the file, device or pipe.
    ///   - what: what is kept in it, for messages: `log`.
    /// - Throws: `Failure` (data) if it cannot be opened.
    init(_ path: String, for what: String) throws {
        self.path = path
        self.what = what
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o666)
        guard file >= 0 else { throw Self.failure(what, path, errno) }
        bell = platform_create_bell()
        ended = platform_create_bell()
        guard bell >= 0, ended >= 0 else {
            let status = -min(bell, ended)
            close(file)
            throw Self.failure(what, path, status)
        }
        let writer = Writer(owner: self, file: file)
        do {
            try JoinableThread { writer.run() }.detach()
        } catch {
            close(file)
            throw Self.failure(what, path, error.status)
        }
    }

    deinit {
        close(bell)
        close(ended)
    }

    /// Appends bytes; never waits for the disk.
    func append(_ bytes: some Collection<UInt8>) {
        let isMuch = state.withLock { state in
            guard state.failure == nil else { return false }
            let before = state.waiting.count
            guard before + bytes.count <= Self.bound else {
                state.fail(Failure(.data, "cannot write \(what)", at: path, because: "it is not taken fast enough"))
                return false
            }
            state.waiting.append(contentsOf: bytes)
            return before < Self.chunk && state.waiting.count >= Self.chunk
        }
        if isMuch { platform_ring_bell(bell) }
    }

    /// Why nothing is written any more, the first time somebody asks; nil at other times.
    func newFailure() -> Failure? {
        state.withLock { state in
            defer { state.isFailureNew = false }
            return state.isFailureNew ? state.failure : nil
        }
    }

    /// Waits until everything is written, but not for ever.
    ///
    /// - Throws: `Failure` (data) for the first thing that could not be written.
    func finish(within patience: Duration = patience) throws {
        state.withLock { $0.isEnding = true }
        platform_ring_bell(bell)
        var watched = pollfd(fd: ended, events: Int16(POLLIN), revents: 0)
        let end = ContinuousClock.now + patience
        var status: Int32 = 0
        while status <= 0, ContinuousClock.now < end {
            status = poll(&watched, 1, Int32((end - .now) / .milliseconds(1)) + 1)
        }
        let failure = state.withLock { state in
            if status <= 0 {
                state.fail(Failure(.data, "cannot write \(what)", at: path, because: "it is not taken fast enough"))
            }
            return state.failure
        }
        if let failure { throw failure }
    }

    private static func failure(_ what: String, _ path: String, _ error: Int32) -> Failure {
        Failure(.data, "cannot write \(what)", at: path, because: String(cString: strerror(error)).lowercased())
    }

    /// What the thread does.
    private final class Writer {
        private let owner: BackgroundFile
        private let file: Int32
        private var taken: [UInt8] = []

        init(owner: BackgroundFile, file: Int32) {
            self.owner = owner
            self.file = file
        }

        func run() {
            defer {
                close(file)
                platform_ring_bell(owner.ended)
            }
            var watched = pollfd(fd: owner.bell, events: Int16(POLLIN), revents: 0)
            while true {
                _ = poll(&watched, 1, BackgroundFile.interval)
                platform_silence_bell(owner.bell)
                taken.removeAll(keepingCapacity: true)
                let isLast = owner.state.withLock { state in
                    swap(&taken, &state.waiting)
                    return state.isEnding || state.failure != nil
                }
                guard write() else { return }
                if isLast { return }
            }
        }

        /// Writes what was taken; false if that failed.
        private func write() -> Bool {
            var start = 0
            while start < taken.count {
                let count = taken.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + start, $0.count - start) }
                if count >= 0 {
                    start += count
                } else if errno != EINTR {
                    let failure = BackgroundFile.failure(owner.what, owner.path, errno)
                    owner.state.withLock { $0.fail(failure) }
                    return false
                }
            }
            return true
        }
    }
}
