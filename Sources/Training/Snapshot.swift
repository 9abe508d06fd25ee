import Questions

/// What a session must know to go on: its state at the end of the last completed round.
///
/// The round that was under way is not part of it: a round is a function of the state, and is simply done again. A plain
/// value that shares no memory with the session.
public struct Snapshot: Sendable, Equatable {
    /// How far a training is.
    public enum Place: Sendable, Equatable {
        /// Nothing was done yet.
        case start
        /// The step at a position is next.
        case training(Position)
        /// An evaluation in mid-training is under way; the step at a position comes after it.
        case validating(Position)
        /// The evaluations at the end, of the splits that are left; at least one.
        case scoring([Split])
        /// The perceptron's search for mistakes.
        case searching(SearchPosition)
        /// Over.
        case finished
    }

    /// A place in the passes over the batches, and what the pass has come to so far.
    public struct Position: Sendable, Equatable {
        /// The passes that are complete.
        public var epoch: Int
        /// The batches of the pass that are done.
        public var batch: Int
        /// The sum of the losses of the pass.
        public var lossOfEpoch: Double
        /// The number of terms in that sum.
        public var termsOfEpoch: Int
        /// How many steps were skipped one after the other, up to here.
        public var skippedInARow: Int

        /// Creates a position.
        public init(
            epoch: Int, batch: Int, lossOfEpoch: Double = 0, termsOfEpoch: Int = 0, skippedInARow: Int = 0
        ) {
            self.epoch = epoch
            self.batch = batch
            self.lossOfEpoch = lossOfEpoch
            self.termsOfEpoch = termsOfEpoch
            self.skippedInARow = skippedInARow
        }
    }

    /// A place in the perceptron's passes over the examples.
    public struct SearchPosition: Sendable, Equatable {
        /// The passes that are complete.
        public var epoch: Int
        /// The first example that was not looked at in this pass.
        public var next: Int
        /// The mistakes found in this pass.
        public var mistakesInEpoch: Int

        /// Creates a position.
        public init(epoch: Int, next: Int, mistakesInEpoch: Int) {
            self.epoch = epoch
            self.next = next
            self.mistakesInEpoch = mistakesInEpoch
        }
    }

    /// The name and extents of one parameter.
    public struct ParameterLayout: Sendable, Equatable {
        /// The name within the model.
        public var name: String
        /// The extents.
        public var shape: [Int]

        /// Creates a layout.
        public init(name: String, shape: [Int]) {
            self.name = name
            self.shape = shape
        }
    }

    /// How far the training is.
    public var place: Place
    /// The number of the last completed round; it never falls, and grows with every round, evaluations too.
    public var round: UInt64
    /// How often the parameters have changed.
    public var generation: UInt64
    /// What came of the session so far.
    public var outcome: Outcome
    /// The parameters' names and extents, in the order of their declaration.
    public var layout: [ParameterLayout]
    /// The values of all parameters in that order.
    public var parameters: [Float]
    /// The optimizer's running numbers, each as long as the parameters.
    public var moments: [[Float]]
    /// The number of steps the optimizer has made.
    public var optimizerSteps: Int

    /// Creates a snapshot.
    public init(
        place: Place, round: UInt64, generation: UInt64, outcome: Outcome, layout: [ParameterLayout],
        parameters: [Float], moments: [[Float]], optimizerSteps: Int
    ) {
        self.place = place
        self.round = round
        self.generation = generation
        self.outcome = outcome
        self.layout = layout
        self.parameters = parameters
        self.moments = moments
        self.optimizerSteps = optimizerSteps
    }
}
