import Datasets
import Questions
import Tensors
import Testing
import Training

/// Serves a session answer by answer, so that it can be left at any moment.
final class Drive {
    let session: Session
    private let runner: ShardRunner
    private var queue: [(worker: WorkerID, work: Work)] = []
    /// What the session told observers.
    private(set) var events: [TrainingEvent] = []
    private(set) var isFinished = false

    init(
        _ question: any Question, _ data: DataSet, workers: Int, seed: UInt64 = 1, resuming snapshot: Snapshot? = nil
    ) throws {
        session = try Session(question, data: data, seed: seed, resuming: snapshot)
        runner = try ShardRunner(question, data: data, seed: seed)
        for number in 1...workers { take(try session.handle(.workerReady(WorkerID(number)))) }
    }

    private func take(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .assign(let worker, let work): queue.append((worker, work))
            case .evict: preconditionFailure("a worker of a drive without time was evicted")
            case .observe(let event): events.append(event)
            case .finish: isFinished = true
            }
        }
    }

    /// Delivers some answers, or all there are until the end.
    ///
    /// - Returns: how many were delivered.
    @discardableResult
    func answer(_ limit: Int = .max) throws -> Int {
        var count = 0
        while count < limit, !isFinished {
            try #require(!queue.isEmpty, "the session hangs")
            let (worker, work) = queue.removeFirst()
            let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
            let result = try runner.run(work, parameters: session.parameters.values.pointer, gradient: gradient)
            take(try session.handle(.answered(worker, result)))
            count += 1
        }
        return count
    }
}
