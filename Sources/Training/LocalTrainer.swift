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
        var isOver = false
        func take(_ actions: [SessionAction]) {
            for action in actions {
                switch action {
                case .assign(let worker, let work): queue.append((worker, work))
                case .evict: preconditionFailure("a lease ran out without a clock")
                case .observe(let event): isOver = !observe(event) || isOver
                case .finish: isOver = true
                }
            }
        }
        for number in 1...workers { take(try session.handle(.workerReady(WorkerID(number)))) }
        var next = 0
        while !isOver, next < queue.count {
            let (worker, work) = queue[next]
            next += 1
            if next == queue.count {
                queue.removeAll(keepingCapacity: true)
                next = 0
            }
            let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
            let result = try runner.run(work, parameters: session.parameters.values.pointer, gradient: gradient)
            take(try session.handle(.answered(worker, result)))
        }
    }
}
