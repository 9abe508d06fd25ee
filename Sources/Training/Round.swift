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
        /// Who works on a copy of it: another, or the same that was given it twice.
        var second: WorkerID?
        /// When the first of them got it, and the second.
        var since = Duration.zero
        var secondSince = Duration.zero
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
    mutating func takeCopy(for worker: WorkerID, heldSince time: Duration, at now: Duration) -> Work? {
        guard let index = oldestSingle(besides: worker), pieces[index].since <= time else { return nil }
        pieces[index].second = worker
        pieces[index].secondSince = now
        return pieces[index].work
    }

    /// Hands pieces that a single worker has held since `time` to that worker once more.
    mutating func takeAgain(heldSince time: Duration, at now: Duration) -> [(WorkerID, Work)] {
        var taken: [(WorkerID, Work)] = []
        for index in pieces.indices where !pieces[index].isDone && pieces[index].since <= time {
            guard let holder = pieces[index].first, pieces[index].second == nil else { continue }
            pieces[index].second = holder
            pieces[index].secondSince = now
            taken.append((holder, pieces[index].work))
        }
        return taken
    }

    /// Gives up the first holders of pieces that two have held since `time`: the messages of both may be lost.
    mutating func giveUpFirst(heldSince time: Duration) {
        for index in pieces.indices where !pieces[index].isDone && pieces[index].secondSince <= time {
            guard let second = pieces[index].second else { continue }
            pieces[index].first = second
            pieces[index].since = pieces[index].secondSince
            pieces[index].second = nil
        }
    }

    /// When the piece that a single worker, other than this one, has held the longest was handed out.
    func oldestHeld(besides worker: WorkerID? = nil) -> Duration? {
        oldestSingle(besides: worker).map { pieces[$0].since }
    }

    private func oldestSingle(besides worker: WorkerID?) -> Int? {
        var oldest: Int?
        for (index, piece) in pieces.enumerated() {
            guard !piece.isDone, let holder = piece.first, holder != worker, piece.second == nil else { continue }
            if oldest.map({ piece.since < pieces[$0].since }) ?? true { oldest = index }
        }
        return oldest
    }

    /// The unanswered piece that an answer belongs to; nil if the answer is stale.
    ///
    /// - Parameter holder: who must have been given it; nil for anybody.
    func open(round: UInt64, shards: Range<Int>, heldBy holder: WorkerID? = nil) -> Work? {
        guard round == number else { return nil }
        let piece = pieces.first { $0.work.shards == shards && !$0.isDone }
        guard let piece, holder == nil || piece.first == holder || piece.second == holder else { return nil }
        return piece.work
    }

    /// Marks an open piece as answered.
    mutating func close(_ work: Work) {
        guard let index = pieces.firstIndex(where: { $0.work.shards == work.shards && !$0.isDone }) else { return }
        pieces[index].isDone = true
        unanswered -= 1
    }

    /// Takes back what a worker held and will not answer.
    ///
    /// - Parameter run: the shards of the one piece; nil for all, since the worker is lost.
    /// - Returns: the number of shards that wait for another worker.
    mutating func takeBack(_ run: Range<Int>? = nil, from worker: WorkerID) -> Int {
        var shards = 0
        for index in pieces.indices where !pieces[index].isDone {
            guard run == nil || pieces[index].work.shards == run else { continue }
            if pieces[index].second == worker { pieces[index].second = nil }
            guard pieces[index].first == worker else { continue }
            pieces[index].first = pieces[index].second
            pieces[index].second = nil
            if pieces[index].first == nil { shards += pieces[index].work.shards.count }
        }
        return shards
    }
}
