import Diagnostics
import Training

/// The checkpoints of some questions in one folder: a file each, the last few of every question.
///
/// A checkpoint appears under its name only when all of it is on the disk, and others are removed only after that; so
/// whatever fails at whatever moment, the newest complete one is still there. Belongs to one thread, and the folder to
/// one run at a time.
public struct CheckpointFolder {
    /// How many checkpoints of a question are kept.
    public let keep: Int
    private let store: any CheckpointStore
    private static let suffix = ".safetensors"
    private static let temporarySuffix = ".partial"

    /// Opens a folder of the file system, which is created if it is missing.
    ///
    /// - Throws: `Failure(.data)` if it cannot be used.
    public init(_ path: String, keep: Int = 3, isWritten: Bool = true) throws {
        self.init(try FolderStore(path, isWritten: isWritten), keep: keep)
    }

    /// Takes a store that behaves like a folder.
    public init(_ store: any CheckpointStore, keep: Int = 3) {
        precondition(keep > 0)
        self.store = store
        self.keep = keep
    }

    /// The path of the folder.
    public var path: String { store.path }

    /// The name of the file that keeps the state of a question at the end of a round.
    public static func name(of question: String, round: UInt64) -> String {
        let digits = String(round)
        return "\(question)-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)\(suffix)"
    }

    /// Writes a checkpoint, removes those before the last few of the question, and what failed writes have left.
    ///
    /// Later ones than the one written are removed too. Since the training went on from an earlier one, they could not
    /// be read; left there, they would count among the last few, and drive out good ones.
    ///
    /// - Returns: the name of the file: the question, and the number of the last completed round.
    /// - Throws: `Failure(.data)` if it cannot be written; those there are stay.
    @discardableResult
    public func write(_ checkpoint: Checkpoint) throws -> String {
        let question = checkpoint.identity.question
        let name = Self.name(of: question, round: checkpoint.snapshot.round)
        let temporary = name + Self.temporarySuffix
        let bytes = try checkpoint.bytes(for: "\(path)/\(name)")
        try removeLeftovers(of: question)
        do {
            let file = try store.create(temporary)
            try file.write(bytes)
            try file.synchronize()
            try store.rename(temporary, to: name)
        } catch {
            try? store.remove(temporary)
            throw error
        }
        try store.synchronize()
        let all = try names(of: question)
        let written = all.lastIndex(of: name) ?? all.endIndex - 1
        for (index, other) in all.enumerated() where index > written || index + keep <= written {
            try store.remove(other)
        }
        return name
    }

    /// The newest checkpoint of a question that is not damaged.
    ///
    /// - Returns: nil if there is none; and a note about each damaged one that was passed over.
    /// - Throws: `Failure(.data)` if the folder cannot be read, or every checkpoint of the question is damaged.
    public func newest(of question: String) throws -> (found: (checkpoint: Checkpoint, path: String)?, notes: [String])
    {
        var failures: [Failure] = []
        let names = try names(of: question)
        for name in names.reversed() {
            let path = "\(path)/\(name)"
            do {
                let checkpoint = try Checkpoint(try store.read(name), path: path)
                return ((checkpoint, path), failures.map { "\($0); the one before it is used" })
            } catch let failure as Failure {
                failures.append(failure)
            }
        }
        if let first = failures.first {
            throw Failure(
                .data, "cannot resume \(question)", at: path,
                because: "none of its \(names.count) checkpoints can be read (\(first))",
                remedy: "remove them to start anew")
        }
        return (nil, [])
    }

    /// The names of the checkpoints of a question, oldest first.
    private func names(of question: String) throws -> [String] {
        try store.names().compactMap { name -> (number: UInt64, name: String)? in
            guard name.hasPrefix(question + "-"), name.hasSuffix(Self.suffix) else { return nil }
            let digits = name.dropFirst(question.count + 1).dropLast(Self.suffix.count)
            guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let number = UInt64(digits)
            else { return nil }
            return (number, name)
        }.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
    }

    private func removeLeftovers(of question: String) throws {
        for name in try store.names()
        where name.hasPrefix(question + "-") && name.hasSuffix(Self.suffix + Self.temporarySuffix) {
            try store.remove(name)
        }
    }
}
