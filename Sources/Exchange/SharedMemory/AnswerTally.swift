import Platform

/// Counts the answers of all local workers, so that not each of them wakes the coordinator, but the one it waits for.
///
/// The coordinator may sleep here too, which takes it less time than a poll where it waits for nothing else.
///
/// The only memory that every worker can write: a wrong count can have the coordinator woken too early, or not before it
/// looks by itself, and nothing else. Any number of processes may use it at a time.
final class AnswerTally {
    private static let byteCount = 4096
    private let file: SharedFile
    private let memory: MappedMemory

    /// Begins to count.
    ///
    /// - Throws: `Failure(.workers)` if the system refuses.
    convenience init() throws { try self.init(SharedFile("lockstep-tally", byteCount: Self.byteCount)) }

    /// Takes over a descriptor that the coordinator handed to this process.
    ///
    /// - Throws: `Failure(.workers)` if it is not of such memory.
    convenience init(inherited descriptor: Int32) throws { try self.init(SharedFile(inherited: descriptor)) }

    private init(_ file: SharedFile) throws {
        self.file = file
        memory = try file.map(byteCount: Self.byteCount, writable: true)
    }

    /// The descriptor, for those who are to count too.
    var descriptor: Int32 { file.descriptor }

    /// The word of the answers, for who looks at it before he sleeps.
    var answers: SharedWord { SharedWord(memory.start, at: 0) }
    private var calls: SharedWord { SharedWord(memory.start, at: 64) }

    /// The answers so far, modulo 2^32.
    var count: UInt32 { answers.value }

    /// Counts one more.
    ///
    /// - Returns: the answers so far, with this one.
    func add() -> UInt32 { answers.increment() }

    /// How often the sleeper was called, modulo 2^32.
    var callCount: UInt32 { calls.value }

    /// Wakes who sleeps here.
    func call() {
        calls.increment()
        platform_wake(calls.address, .max)
    }

    /// Sleeps until there is another call than those counted before, or the time is up; may return early.
    func wait(after count: UInt32, within duration: Duration) {
        platform_wait_while(calls.address, count, .max, duration.nanoseconds)
    }
}
