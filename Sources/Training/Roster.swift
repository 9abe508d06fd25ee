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

    /// The number of workers that owe nothing they were given after a time.
    func freeCount(after time: Duration) -> Int {
        entries.reduce(0) { $0 + ($1.debts.allSatisfy { $0.since <= time } ? 1 : 0) }
    }

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

    /// What an answer settles.
    struct Settlement {
        /// How long the worker had the work.
        let time: Duration
        /// The work of the same round that it was given before and will not answer.
        let lost: [Range<Int>]
    }

    /// Notes that a worker answered.
    ///
    /// A worker does its work in the order in which it got it, so what it was given before, or the answer to that, is
    /// lost, and owed no more; nor is the answer to a second copy of the same work.
    ///
    /// - Returns: nil if it owes no such answer.
    mutating func settle(_ worker: WorkerID, round: UInt64, shards: Range<Int>, at time: Duration) -> Settlement? {
        guard let index = index(of: worker),
            let first = entries[index].debts.firstIndex(where: { $0.round == round && $0.shards == shards })
        else { return nil }
        let since = entries[index].debts[first].since
        let lost = entries[index].debts[..<first].filter { $0.round == round }.map(\.shards)
        entries[index].debts.removeFirst(first + 1)
        entries[index].debts.removeAll { $0.round == round && $0.shards == shards }
        return Settlement(time: time - since, lost: lost)
    }

    /// The number of answers a worker owes for work that it was given after a time.
    func debts(of worker: WorkerID, after time: Duration) -> Int {
        index(of: worker).map { entries[$0].debts.reduce(0) { $0 + ($1.since > time ? 1 : 0) } } ?? 0
    }

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
