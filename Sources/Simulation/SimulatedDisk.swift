import Checkpoints
import Diagnostics

/// A folder on a disk that may be full, slow, failing or lying, and that stops at a chosen operation.
///
/// As on a real one, what was written is seen by everybody at once, and survives the loss of power only once it was
/// synchronized: the bytes of a file by its own `synchronize`, names by that of the folder. A disk that lies says that
/// it did so and did not. Belongs to one thread.
final class SimulatedDisk: CheckpointStore {
    /// How often things go wrong, in a thousand operations.
    struct Temper {
        var full = 0
        var failing = 0
        var lying = 0
        var slow = 0
    }

    /// What a file holds.
    final class Content {
        /// As processes see it.
        var bytes: [UInt8] = []
        /// As it is after a loss of power.
        var durable: [UInt8] = []
        /// Whether bytes were written since the last time they were synchronized, or seemed to be.
        var isDirty = false
        /// Whether the disk broke a promise about it: it lied, or a bit of it has rotted.
        var isBroken = false
    }

    /// A change of names that is not durable yet.
    struct Change {
        let name: String
        /// Nil if the file was removed.
        let content: Content?
        /// The name it had before.
        var formerName: String?
        /// Whether the disk has said that it is durable.
        var isLiedAbout = false
    }

    let path = "disk"
    var temper = Temper()
    /// The changing operations until it stops in the midst of one; nil for never.
    var operationsLeft: Int?
    /// Whether it has stopped: no operation does anything until `restart`.
    private(set) var isStopped = false
    /// The time its operations took, in microseconds.
    var elapsed = 0
    /// The files as processes see them, by name.
    private(set) var files: [String: Content] = [:]
    /// The files as they are after a loss of power.
    var durableFiles: [String: Content] = [:]
    var journal: [Change] = []
    /// The names that were removed by whoever uses the disk.
    private var removed: Set<String> = []
    /// The names it lost although it had said that they are durable.
    var lostNames: Set<String> = []
    var random: SimulatedRandom

    /// Creates an empty disk.
    init(seed: UInt64) {
        random = SimulatedRandom(seed: seed, stream: "disk")
    }

    /// Whether a file was removed by whoever uses the disk, and not put there again.
    func wasTold(toRemove name: String) -> Bool { removed.contains(name) }

    /// Whether the disk is to blame if a file that was synchronized is not there, or is damaged.
    func hasBroken(_ name: String) -> Bool { lostNames.contains(name) || files[name]?.isBroken == true }

    /// Goes on after a stop, or a loss of power.
    func restart() {
        isStopped = false
        operationsLeft = nil
    }

    /// Takes over what is seen after a loss of power.
    func show(_ files: [String: Content]) {
        self.files = files
    }

    private func failure(_ cause: String, at name: String) -> Failure {
        Failure(.data, "cannot write checkpoint", at: "\(path)/\(name)", because: cause)
    }

    private var stopped: Failure { failure("the computer has stopped", at: "") }

    /// Begins an operation that changes something.
    ///
    /// - Returns: whether the disk stops in the midst of it.
    /// - Throws: if it has stopped before.
    private func begin() throws -> Bool {
        guard !isStopped else { throw stopped }
        elapsed += random.happens(temper.slow) ? random.number(in: 1000...700_000) : 100
        if let left = operationsLeft {
            operationsLeft = left - 1
            isStopped = left == 0
        }
        return isStopped
    }

    func names() throws -> [String] {
        guard !isStopped else { throw stopped }
        return files.keys.sorted()
    }

    func read(_ name: String) throws -> [UInt8] {
        guard !isStopped else { throw stopped }
        guard let content = files[name] else { throw failure("no such file", at: name) }
        return content.bytes
    }

    func create(_ name: String) throws -> any CheckpointOutput {
        let stops = try begin()
        if random.happens(temper.full) { throw failure("no space left on device", at: name) }
        guard files[name] == nil else { throw failure("file exists", at: name) }
        let content = Content()
        change(Change(name: name, content: content))
        if stops { throw stopped }
        return Output(disk: self, content: content, name: name)
    }

    func rename(_ name: String, to newName: String) throws {
        let stops = try begin()
        guard let content = files[name] else { throw failure("no such file", at: name) }
        // It is done, or not; nobody sees half of it.
        if !stops || random.happens(500) { change(Change(name: newName, content: content, formerName: name)) }
        if stops { throw stopped }
        removed.remove(newName)
        lostNames.remove(newName)
    }

    func remove(_ name: String) throws {
        let stops = try begin()
        guard files[name] != nil else { throw failure("no such file", at: name) }
        removed.insert(name)
        if !stops || random.happens(500) { change(Change(name: name, content: nil)) }
        if stops { throw stopped }
    }

    func synchronize() throws {
        let stops = try begin()
        if random.happens(temper.failing) { throw failure("input/output error", at: "") }
        if !stops, random.happens(temper.lying) {
            for index in journal.indices { journal[index].isLiedAbout = true }
            return
        }
        let done = stops ? random.number(in: 0...journal.count) : journal.count
        for change in journal.prefix(done) { change.apply(to: &durableFiles) }
        journal.removeFirst(done)
        if stops { throw stopped }
    }

    private func change(_ change: Change) {
        change.apply(to: &files)
        journal.append(change)
    }

    /// A file that is being written.
    private struct Output: CheckpointOutput {
        let disk: SimulatedDisk
        let content: Content
        let name: String

        func write(_ bytes: [UInt8]) throws {
            let stops = try disk.begin()
            let isFull = disk.random.happens(disk.temper.full)
            let count = stops || isFull ? disk.random.number(in: 0...bytes.count) : bytes.count
            content.bytes += bytes.prefix(count)
            content.isDirty = true
            if stops { throw disk.stopped }
            if isFull { throw disk.failure("no space left on device", at: name) }
        }

        func synchronize() throws {
            let stops = try disk.begin()
            if stops { throw disk.stopped }
            guard content.isDirty else { return }
            // As on Linux: a second attempt finds nothing to do, whether or not the first one succeeded.
            content.isDirty = false
            if disk.random.happens(disk.temper.failing) { throw disk.failure("input/output error", at: name) }
            if disk.random.happens(disk.temper.lying) {
                content.isBroken = true
            } else {
                content.durable = content.bytes
            }
        }
    }
}

extension SimulatedDisk.Change {
    /// Makes the change in a folder.
    func apply(to files: inout [String: SimulatedDisk.Content]) {
        if let formerName, files[formerName] === content { files[formerName] = nil }
        files[name] = content
    }
}
