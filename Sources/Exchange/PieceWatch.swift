import Training

/// Remembers when pieces of work were handed out, so that their answers can be told with their times.
struct PieceWatch {
    /// A piece that was not answered yet.
    private struct UnderWay {
        let kind: Work.Kind
        let round: UInt64
        let shards: Range<Int>
        let examples: Int
        let assigned = ContinuousClock.now
    }

    private var pieces: [WorkerID: [UnderWay]] = [:]

    mutating func assigned(_ work: Work, to worker: WorkerID) {
        pieces[worker, default: []].append(
            UnderWay(kind: work.kind, round: work.round, shards: work.shards, examples: work.examples.count))
    }

    /// What is to be told of an answer that was there at some time; nil if it answers nothing.
    mutating func answered(
        by worker: WorkerID, round: UInt64, shards: Range<Int>, computeSeconds: Double, at time: ContinuousClock.Instant
    ) -> TrainingEvent.Piece? {
        if pieces.isEmpty { return nil }
        guard let place = pieces[worker]?.firstIndex(where: { $0.round == round && $0.shards == shards }),
            let piece = pieces[worker]?[place]
        else { return nil }
        // A worker answers in order: what it was given before got lost.
        pieces[worker]?.removeSubrange(...place)
        return TrainingEvent.Piece(
            worker: worker.number, kind: piece.kind, round: Int(clamping: round), shards: shards,
            examples: piece.examples, assigned: piece.assigned, answered: max(time, piece.assigned),
            computeSeconds: computeSeconds)
    }

    mutating func forget(_ worker: WorkerID) { pieces[worker] = nil }
}
