/// A program that trains the steps of a job, with its threads or processes.
enum Peer: Sendable, Equatable {
    /// Lockstep with a number of worker processes.
    case lockstep(workers: Int)
    /// PyTorch in one process.
    case torch(threads: Int)
    /// PyTorch's DistributedDataParallel over gloo.
    case distributedTorch(processes: Int)
    /// JAX, compiled, with the loop over the steps inside.
    case jax

    /// Lockstep with one worker and with several, and what it is compared with, as many-threaded.
    static func all(workers: Int) -> [Peer] {
        let counts = workers == 1 ? [1] : [1, workers]
        return counts.map { .lockstep(workers: $0) } + counts.map { .torch(threads: $0) }
            + (workers == 1 ? [] : [.distributedTorch(processes: workers)]) + [.jax]
    }

    /// Whether it is Lockstep.
    var isOurs: Bool {
        if case .lockstep = self { true } else { false }
    }

    /// What a row of the table is called.
    var name: String {
        switch self {
        case .lockstep(let workers): "Lockstep, \(workers) worker\(workers == 1 ? "" : "s")"
        case .torch(let threads): "PyTorch, \(threads) thread\(threads == 1 ? "" : "s")"
        case .distributedTorch(let processes): "PyTorch DDP, \(processes) processes"
        case .jax: "JAX, jit with the loop inside"
        }
    }

    /// The script in `tools/peers` and its arguments for a job; nil for Lockstep.
    func script(job: String) -> [String]? {
        switch self {
        case .lockstep: nil
        case .torch(let threads): ["torch_peer.py", job, "--threads", "\(threads)"]
        case .distributedTorch(let processes): ["torch_peer.py", job, "--processes", "\(processes)"]
        case .jax: ["jax_peer.py", job]
        }
    }
}
