/// The few things a checkpoint folder asks of a file system; replaced in tests by one that fails on purpose.
///
/// All names are those of files within one folder. Every method throws `Failure(.data)`.
public protocol CheckpointStore {
    /// Where it is, for messages.
    var path: String { get }
    /// The names of all files.
    func names() throws -> [String]
    /// The bytes of a file.
    func read(_ name: String) throws -> [UInt8]
    /// Writes a new file and has it on the disk when it returns; what is left of it after a failure is removed.
    func write(_ bytes: [UInt8], to name: String) throws
    /// Gives a file another name, in place of a file that had it before.
    func rename(_ name: String, to newName: String) throws
    /// Removes a file.
    func remove(_ name: String) throws
    /// Has the names of all files on the disk when it returns.
    func synchronize() throws
}
