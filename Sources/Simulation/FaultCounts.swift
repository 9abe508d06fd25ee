/// What happened in some runs.
public struct FaultCounts: Sendable, Equatable {
    /// Faults of workers, network, clock and disk, and ends of coordinators.
    public internal(set) var faults = 0
    /// Workers that went away along the histories that led to results.
    public internal(set) var workersLost = 0
    /// Shards that were given to others.
    public internal(set) var shardsReissued = 0
    /// Answers that were dropped.
    public internal(set) var staleAnswers = 0
    /// Ends of the coordinator's process.
    public internal(set) var coordinatorEnds = 0
    /// Those of them by loss of power.
    public internal(set) var powerCuts = 0
    /// Starts that went on from a checkpoint.
    public internal(set) var resumptions = 0
    /// Damaged checkpoints that were passed over.
    public internal(set) var damagedCheckpoints = 0
    /// Checkpoints that were written.
    public internal(set) var checkpointsWritten = 0
    /// Checkpoints that could not be written, or were only in part.
    public internal(set) var checkpointsFailed = 0

    /// Nothing yet.
    public init() {}

    /// Adds those of other runs.
    public static func += (left: inout FaultCounts, right: FaultCounts) {
        left.faults += right.faults
        left.workersLost += right.workersLost
        left.shardsReissued += right.shardsReissued
        left.staleAnswers += right.staleAnswers
        left.coordinatorEnds += right.coordinatorEnds
        left.powerCuts += right.powerCuts
        left.resumptions += right.resumptions
        left.damagedCheckpoints += right.damagedCheckpoints
        left.checkpointsWritten += right.checkpointsWritten
        left.checkpointsFailed += right.checkpointsFailed
    }
}
