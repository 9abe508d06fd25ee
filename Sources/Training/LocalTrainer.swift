import Datasets
import Questions
import Tensors

/// Serves a session within one process and thread, without any exchange: the baseline that scaling is measured against.
///
/// It may pose as several workers, in which case it does their work in turns; the result has the same bits.
public struct LocalTrainer {
    private let session: Session
    private let runner: ShardRunner
    private let workers: Int

    /// Creates a trainer with a model of its own for the session's question.
    ///
    /// - Throws: what the question throws when data or configuration do not fit.
    public init(_ session: Session, workers: Int = 1, seed: UInt64) throws {
        self.session = session
        self.workers = workers
        runner = try ShardRunner(session.question, data: session.data, seed: seed)
    }

    /// Trains until the session is over, or `observe` returns false.
    ///
    /// - Throws: what the session throws.
    public func train(_ observe: (TrainingEvent) -> Bool = { _ in true }) throws {
        var queue: [(WorkerID, Work)] = []
        var actions: [SessionAction] = []
        var isOver = false
        func handle(_ event: SessionEvent) throws {
            try session.handle(event, at: .zero, into: &actions)
            for action in actions {
                switch action {
                case .assign(let worker, let work): queue.append((worker, work))
                case .evict: preconditionFailure("a lease ran out without a clock")
                case .observe(let event): isOver = !observe(event) || isOver
                case .finish: isOver = true
                }
            }
            actions.removeAll(keepingCapacity: true)
        }
        for number in 1...workers { try handle(.workerReady(WorkerID(number))) }
        let gradients = (0..<workers).map { _ in Storage(count: runner.parameterCount) }
        var next = 0
        while !isOver, next < queue.count {
            let (worker, work) = queue[next]
            next += 1
            if next == queue.count {
                queue.removeAll(keepingCapacity: true)
                next = 0
            }
            let result = try runner.run(
                work, parameters: session.parameters.values.pointer,
                gradient: work.kind == .gradient ? gradients[worker.number - 1] : nil)
            try handle(.answered(worker, result))
        }
    }
}
