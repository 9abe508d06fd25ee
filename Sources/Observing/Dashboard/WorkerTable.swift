import Questions
import Training

/// The workers of a run and what they have been doing; of those that left, the last ones.
struct WorkerTable {
    /// The most workers that are kept after they left.
    static let lostCapacity = 64

    private struct Row {
        var worker: RunState.Worker
        var window = WorkWindow()
        /// When the last piece was answered, and how long it took.
        var last: (answered: Double, seconds: Double)?
    }

    private var rows: [Row] = []

    /// Takes a worker in; one that was there before has its row again.
    mutating func joined(id: Int, host: String, pid: Int) {
        let host = String(host.prefix(RunModel.textCapacity))
        if let place = rows.lastIndex(where: { $0.worker.host == host && $0.worker.pid == pid }) {
            rows[place].worker.id = id
            rows[place].worker.reason = nil
            rows[place].worker.rejoins += 1
            rows[place].last = nil
        } else {
            rows.append(Row(worker: RunState.Worker(id: id, host: host, pid: pid)))
        }
    }

    /// A worker is gone.
    mutating func lost(id: Int, reason: String) {
        guard let place = rows.lastIndex(where: { $0.worker.id == id }) else { return }
        rows[place].worker.reason = String(reason.prefix(RunModel.textCapacity))
        rows[place].worker.losses += 1
        let lost = rows.indices.filter { rows[$0].worker.reason != nil }
        if lost.count > Self.lostCapacity { rows.remove(at: lost[0]) }
    }

    /// A worker has answered; times are seconds of the run.
    mutating func answered(_ piece: TrainingEvent.Piece, assigned: Double, answered: Double) {
        guard let place = rows.lastIndex(where: { $0.worker.id == piece.worker }) else { return }
        let isTraining = piece.kind != .evaluation
        if isTraining { rows[place].worker.shards += piece.shards.count }
        rows[place].last = (answered, max(0, answered - assigned))
        rows[place].window.add(
            assigned: assigned, answered: answered, compute: piece.computeSeconds,
            examples: isTraining ? piece.examples : 0)
    }

    /// The workers at a moment.
    func workers(at seconds: Double) -> [RunState.Worker] {
        rows.map { row in
            var worker = row.worker
            if let shares = row.window.shares(at: seconds) {
                worker.compute = shares.compute
                worker.exchange = shares.exchange
                worker.wait = shares.wait
                worker.samplesPerSecond = shares.examples
            }
            if worker.reason != nil {
                worker.condition = .lost
            } else if let last = row.last {
                // A worker with long pieces is not idle because none was answered just now.
                worker.condition = seconds - last.answered < max(1, 3 * last.seconds) ? .computing : .waiting
            }
            return worker
        }
    }
}
