/// The workers that are ready: when each was heard of last, and which answers it owes.
///
/// An answer is owed until it comes, even if the work was done by another in the meantime or its round is over: until
/// then the worker is busy with it.
struct Roster {
    private struct Debt {
        let round: UInt64
        let shards: Range<Int>
        let since: Duration
    }

    private struct Entry {
        let worker: WorkerID
        var lastHeard: Duration
        var debts: [Debt] = []
    }

    private var entries: [Entry] = []

    /// The worker that became ready as the n-th, counted from 0 and without those that are gone.
    subscript(place: Int) -> WorkerID { entries[place].worker }

    /// The number of workers.
    var count: Int { entries.count }

    /// The number of workers that owe nothing.
    var freeCount: Int { entries.reduce(0) { $0 + ($1.debts.isEmpty ? 1 : 0) } }

    /// Whether a worker is among them.
    func contains(_ worker: WorkerID) -> Bool { index(of: worker) != nil }

    /// Adds a worker; false if it was there.
    mutating func add(_ worker: WorkerID, at time: Duration) -> Bool {
        guard !contains(worker) else { return false }
        entries.append(Entry(worker: worker, lastHeard: time))
        return true
    }

    /// Removes a worker; false if it was not there.
    mutating func remove(_ worker: WorkerID) -> Bool {
        guard let index = index(of: worker) else { return false }
        entries.remove(at: index)
        return true
    }

    /// Renews the lease of a worker, if it is there.
    mutating func heard(_ worker: WorkerID, at time: Duration) {
        if let index = index(of: worker) { entries[index].lastHeard = time }
    }

    /// Notes that a worker was given work.
    mutating func lend(_ work: Work, to worker: WorkerID, at time: Duration) {
        guard let index = index(of: worker) else { preconditionFailure("work for a worker that is not there") }
        entries[index].debts.append(Debt(round: work.round, shards: work.shards, since: time))
    }

    /// Notes that a worker answered.
    ///
    /// - Returns: how long it had the work; nil if it owes no such answer.
    mutating func settle(_ worker: WorkerID, round: UInt64, shards: Range<Int>, at time: Duration) -> Duration? {
        guard let index = index(of: worker),
            let debt = entries[index].debts.firstIndex(where: { $0.round == round && $0.shards == shards })
        else { return nil }
        return time - entries[index].debts.remove(at: debt).since
    }

    /// The number of answers a worker owes.
    func debts(of worker: WorkerID) -> Int { index(of: worker).map { entries[$0].debts.count } ?? 0 }

    /// A worker that was last heard of at a time or before; nil if there is none.
    func silent(since time: Duration) -> WorkerID? {
        entries.first { $0.lastHeard <= time }?.worker
    }

    /// A worker that has owed an answer since a time or before; nil if there is none.
    func owing(since time: Duration) -> WorkerID? {
        entries.first { $0.debts.contains { $0.since <= time } }?.worker
    }

    private func index(of worker: WorkerID) -> Int? { entries.firstIndex { $0.worker == worker } }
}
