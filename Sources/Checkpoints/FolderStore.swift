import Diagnostics
import Glibc

/// A folder of the file system as a store of checkpoints.
public struct FolderStore: CheckpointStore {
    /// The path of the folder.
    public let path: String
    /// Keeps other runs out for as long as the store is used.
    private var lock: FolderLock?
    /// The largest file that is read: as large as data files.
    private static let maximumByteCount = 4 << 30

    /// Opens a folder, which is created if it is missing.
    ///
    /// - Parameter isWritten: whether it will be written to; if not, it must be there.
    /// - Throws: `Failure(.data)` if it is no folder, cannot be created or written, or another run writes to it.
    public init(_ path: String, isWritten: Bool = true) throws {
        self.path = path
        if isWritten { mkdir(path, 0o777) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("use", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(.data, "cannot use checkpoint folder", at: path, because: "it is no folder")
        }
        guard access(path, (isWritten ? W_OK : 0) | R_OK | X_OK) == 0 else { throw failure("use", path) }
        if isWritten { lock = try FolderLock(path) }
    }

    /// The names of all files, sorted.
    public func names() throws -> [String] {
        guard let folder = opendir(path) else { throw failure("read", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The bytes of a file.
    public func read(_ name: String) throws -> [UInt8] {
        let file = place(name)
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("read", file) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read", file) }
        let size = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG, size <= Self.maximumByteCount else {
            throw Failure(.data, "cannot read checkpoint", at: file, because: "it is no file of a sensible size")
        }
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let step = Glibc.read(descriptor, buffer.baseAddress.unsafelyUnwrapped + count, size - count)
                if step < 0, errno == EINTR { continue }
                guard step >= 0 else { throw failure("read", file) }
                // What is missing at the end is found out by who reads the bytes.
                if step == 0 { return }
                count += step
            }
        }
    }

    /// Creates a file that was not there, open for writing.
    public func create(_ name: String) throws -> any CheckpointOutput {
        let file = place(name)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("write", file) }
        return Output(descriptor: descriptor, file: file, store: self)
    }

    /// An open file.
    final class Output: CheckpointOutput {
        private let descriptor: Int32
        private let file: String
        private let store: FolderStore

        init(descriptor: Int32, file: String, store: FolderStore) {
            self.descriptor = descriptor
            self.file = file
            self.store = store
        }

        func write(_ bytes: [UInt8]) throws {
            var start = 0
            while start < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress.unsafelyUnwrapped + start, $0.count - start)
                }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw store.failure("write", file) }
                start += count
            }
        }

        func synchronize() throws {
            guard fsync(descriptor) == 0 else { throw store.failure("write", file) }
        }

        deinit {
            close(descriptor)
        }
    }

    /// Gives a file another name.
    public func rename(_ name: String, to newName: String) throws {
        guard Glibc.rename(place(name), place(newName)) == 0 else { throw failure("write", place(newName)) }
    }

    /// Removes a file.
    public func remove(_ name: String) throws {
        guard unlink(place(name)) == 0 else { throw failure("remove", place(name)) }
    }

    /// Has the names of all files on the disk when it returns.
    public func synchronize() throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("write", path) }
    }

    private func place(_ name: String) -> String { "\(path)/\(name)" }

    private func failure(_ verb: String, _ place: String) -> Failure {
        Failure(
            .data, "cannot \(verb) checkpoint\(place == path ? " folder" : "")", at: place,
            because: String(cString: strerror(errno)).lowercased())
    }
}
