/// Counts the answers of all local workers, so that not each of them wakes the coordinator, but the one it waits for.
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

    private var word: SharedWord { SharedWord(memory.start, at: 0) }

    /// The answers so far, modulo 2^32.
    var count: UInt32 { word.value }

    /// Counts one more.
    ///
    /// - Returns: the answers so far, with this one.
    func add() -> UInt32 { word.increment() }
}
