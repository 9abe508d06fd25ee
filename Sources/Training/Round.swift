/// Names a worker for as long as it is connected; a worker that comes back has a new one.
public struct WorkerID: Hashable, Sendable, Comparable {
    /// The number, in the order of joining.
    public let number: Int

    /// Creates a name.
    public init(_ number: Int) {
        self.number = number
    }

    /// By the order of joining.
    public static func < (left: WorkerID, right: WorkerID) -> Bool { left.number < right.number }
}

/// The pieces of work that must all be answered before a session goes on, and who holds them.
///
/// Every piece is answered exactly once: an answer to a piece that is done, or of another round, is stale.
struct Round {
    private enum State: Equatable {
        case pending
        case held(WorkerID)
        case done
    }

    let number: UInt64
    let kind: Work.Kind
    private var pieces: [(work: Work, state: State)] = []
    private var unanswered = 0

    init(number: UInt64, kind: Work.Kind) {
        self.number = number
        self.kind = kind
    }

    /// Adds a piece of work that waits for a worker.
    mutating func add(_ work: Work) {
        pieces.append((work, .pending))
        unanswered += 1
    }

    /// Whether every piece is answered.
    var isComplete: Bool { unanswered == 0 }

    /// The number of pieces a worker holds.
    func held(by worker: WorkerID) -> Int {
        pieces.reduce(0) { $0 + ($1.state == .held(worker) ? 1 : 0) }
    }

    /// Hands the first waiting piece to a worker; nil if none waits.
    mutating func take(for worker: WorkerID) -> Work? {
        guard let index = pieces.firstIndex(where: { $0.state == .pending }) else { return nil }
        pieces[index].state = .held(worker)
        return pieces[index].work
    }

    /// The unanswered piece that an answer belongs to; nil if the answer is stale.
    func open(round: UInt64, shards: Range<Int>) -> Work? {
        guard round == number else { return nil }
        return pieces.first { $0.work.shards == shards && $0.state != .done }?.work
    }

    /// Marks an open piece as answered.
    mutating func close(_ work: Work) {
        guard let index = pieces.firstIndex(where: { $0.work.shards == work.shards && $0.state != .done }) else {
            return
        }
        pieces[index].state = .done
        unanswered -= 1
    }

    /// Takes back what a lost worker held.
    ///
    /// - Returns: the number of shards that wait for another worker.
    mutating func takeBack(from worker: WorkerID) -> Int {
        var shards = 0
        for index in pieces.indices where pieces[index].state == .held(worker) {
            pieces[index].state = .pending
            shards += pieces[index].work.shards.count
        }
        return shards
    }
}
