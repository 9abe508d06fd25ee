/// The few things a checkpoint folder asks of a file system; in simulations and tests one that fails on purpose.
///
/// All names are those of files within one folder. Every method throws `Failure(.data)`.
public protocol CheckpointStore {
    /// Where it is, for messages.
    var path: String { get }
    /// The names of all files.
    func names() throws -> [String]
    /// The bytes of a file.
    func read(_ name: String) throws -> [UInt8]
    /// Creates a file that was not there, open for writing.
    func create(_ name: String) throws -> any CheckpointOutput
    /// Gives a file another name, in place of a file that had it before.
    func rename(_ name: String, to newName: String) throws
    /// Removes a file.
    func remove(_ name: String) throws
    /// Has the names of all files on the disk when it returns.
    func synchronize() throws
}

/// A new file of a checkpoint store, closed when it is let go.
public protocol CheckpointOutput {
    /// Writes bytes at the end, all of them unless it throws.
    func write(_ bytes: [UInt8]) throws
    /// Has all that was written on the disk when it returns.
    func synchronize() throws
}
