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
    private struct Piece {
        let work: Work
        /// Who works on it.
        var first: WorkerID?
        /// Who works on a copy of it.
        var second: WorkerID?
        /// When the first of them got it.
        var since = Duration.zero
        var isDone = false

        var isWaiting: Bool { !isDone && first == nil }
    }

    private(set) var number: UInt64
    private(set) var kind: Work.Kind
    private var pieces: [Piece] = []
    private var unanswered = 0

    init(number: UInt64, kind: Work.Kind) {
        self.number = number
        self.kind = kind
    }

    /// Begins the next round, without pieces.
    mutating func next(_ kind: Work.Kind) {
        number += 1
        self.kind = kind
        pieces.removeAll(keepingCapacity: true)
        unanswered = 0
    }

    /// Adds a piece of work that waits for a worker.
    mutating func add(_ work: Work) {
        pieces.append(Piece(work: work))
        unanswered += 1
    }

    /// Whether every piece is answered.
    var isComplete: Bool { unanswered == 0 }

    /// Whether a piece waits for a worker.
    var hasWaiting: Bool { pieces.contains { $0.isWaiting } }

    /// Hands the first waiting piece to a worker; nil if none waits.
    mutating func take(for worker: WorkerID, at time: Duration) -> Work? {
        guard let index = pieces.firstIndex(where: { $0.isWaiting }) else { return nil }
        pieces[index].first = worker
        pieces[index].since = time
        return pieces[index].work
    }

    /// Hands the piece that a single other worker has held the longest to a second one, if it has it since `time`.
    mutating func takeCopy(for worker: WorkerID, heldSince time: Duration) -> Work? {
        guard let index = oldestSingle(besides: worker), pieces[index].since <= time else { return nil }
        pieces[index].second = worker
        return pieces[index].work
    }

    /// When the piece that a single worker, other than this one, has held the longest was handed out.
    func oldestHeld(besides worker: WorkerID) -> Duration? {
        oldestSingle(besides: worker).map { pieces[$0].since }
    }

    private func oldestSingle(besides worker: WorkerID) -> Int? {
        var oldest: Int?
        for (index, piece) in pieces.enumerated() {
            guard !piece.isDone, let holder = piece.first, holder != worker, piece.second == nil else { continue }
            if oldest.map({ piece.since < pieces[$0].since }) ?? true { oldest = index }
        }
        return oldest
    }

    /// The unanswered piece that an answer belongs to; nil if the answer is stale.
    func open(round: UInt64, shards: Range<Int>) -> Work? {
        guard round == number else { return nil }
        return pieces.first { $0.work.shards == shards && !$0.isDone }?.work
    }

    /// Marks an open piece as answered.
    mutating func close(_ work: Work) {
        guard let index = pieces.firstIndex(where: { $0.work.shards == work.shards && !$0.isDone }) else { return }
        pieces[index].isDone = true
        unanswered -= 1
    }

    /// Takes back what a lost worker held.
    ///
    /// - Returns: the number of shards that wait for another worker.
    mutating func takeBack(from worker: WorkerID) -> Int {
        var shards = 0
        for index in pieces.indices where !pieces[index].isDone {
            if pieces[index].second == worker {
                pieces[index].second = nil
            } else if pieces[index].first == worker {
                pieces[index].first = pieces[index].second
                pieces[index].second = nil
                if pieces[index].first == nil { shards += pieces[index].work.shards.count }
            }
        }
        return shards
    }
}
