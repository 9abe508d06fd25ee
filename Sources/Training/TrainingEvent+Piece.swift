extension TrainingEvent {
    /// A piece of work that a worker has done, and when.
    ///
    /// Both ends of its time are the coordinator's, so that those of all hosts lie on one clock: what passes beside
    /// `computeSeconds` went on the ways there and back.
    public struct Piece: Sendable, Equatable {
        /// The worker, as it joined.
        public let worker: Int
        /// What was done.
        public let kind: Work.Kind
        /// The round it belongs to.
        public let round: Int
        /// The shards, or the chunk of an evaluation.
        public let shards: Range<Int>
        /// How many examples they hold.
        public let examples: Int
        /// When it was handed out.
        public let assigned: ContinuousClock.Instant
        /// When the answer was there.
        public let answered: ContinuousClock.Instant
        /// The time the worker computed, as it says.
        public let computeSeconds: Double

        /// Creates a description.
        public init(
            worker: Int, kind: Work.Kind, round: Int, shards: Range<Int>, examples: Int,
            assigned: ContinuousClock.Instant, answered: ContinuousClock.Instant, computeSeconds: Double
        ) {
            self.worker = worker
            self.kind = kind
            self.round = round
            self.shards = shards
            self.examples = examples
            self.assigned = assigned
            self.answered = answered
            self.computeSeconds = computeSeconds
        }
    }
}
